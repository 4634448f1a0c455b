import { createServer as createHTTPServer, type RequestListener } from 'node:http';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';

/** Listens on loopback until the test ends; `sockets` has all that were ever connected. */
export async function listen(server: Server): Promise<{ origin: string; sockets: Set<Socket> }> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return { origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, sockets };
}

export function serve(listener: RequestListener) {
  return listen(createHTTPServer({ keepAliveTimeout: 60_000 }, listener));
}

/** A server below HTTP: `answer` is called with whatever bytes arrive. */
export function serveBytes(answer: (socket: Socket, bytes: string) => void) {
  return listen(
    createServer((socket) => {
      socket.on('data', (bytes) => {
        answer(socket, bytes.toString('latin1'));
      });
    }),
  );
}
