import { createServer, type RequestListener, type Server } from 'node:http';
import { type AddressInfo, createServer as createTCPServer, type Server as TCPServer, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';
import { createHttp, type HttpOptions, type HttpRequest, type HttpResponse } from '../../lib/auth0/http.js';

/** Listens on loopback until the test ends, and counts sockets. */
async function listen(server: Server | TCPServer): Promise<{ origin: string; sockets: Set<Socket> }> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return { origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, sockets };
}

export function serve(listener: RequestListener) {
  return listen(createServer({ keepAliveTimeout: 60_000 }, listener));
}

/** A server that sees the bytes themselves: `answer` is called with each request's. */
export function serveBytes(answer: (socket: Socket, request: string) => void) {
  return listen(
    createTCPServer((socket) => {
      socket.on('data', (data) => {
        answer(socket, data.toString());
      });
    }),
  );
}

export function httpTo(origin: string, options: Partial<HttpOptions> = {}) {
  const http = createHttp({ origin, timeout: 20_000, telemetry: true, ...options });
  // Not awaited: it would wait for what a test left unanswered.
  onTestFinished(() => void http.close());
  const whole = (response: HttpResponse) => response;
  return { ...http, send: (request: HttpRequest) => http.send(request, whole) };
}
