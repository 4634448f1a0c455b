import { createServer, type RequestListener } from 'node:http';
import { createServer as createTLSServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Settings } from './options.js';

export interface RunningServer {
  port: number;
  onRequest(listener: RequestListener): void;
  close(): Promise<void>;
}

/** Listens on loopback only: the inbox is open to whoever can reach it. */
export async function listen({ port, tls }: Settings): Promise<RunningServer> {
  const server = tls ? secureServer(tls) : createServer();
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => {
      const problem = cause.code === 'EADDRINUSE' ? 'is in use' : `cannot be opened (${String(cause.code)})`;
      reject(new Error(`Port ${port} ${problem}: pass another port, or 0 for any free one`, { cause }));
    });
    server.listen(port, '127.0.0.1', resolve);
  });
  let closed: Promise<void> | undefined;
  return {
    port: (server.address() as AddressInfo).port,
    onRequest: (listener) => server.on('request', listener),
    close() {
      closed ??= new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      });
      return closed;
    },
  };
}

function secureServer({ key, cert }: { key: string; cert: string }) {
  try {
    return createTLSServer({ key, cert });
  } catch (cause) {
    throw new TypeError('tls: key and cert must be a matching pair of PEM strings', { cause });
  }
}
