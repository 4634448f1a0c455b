import { readFileSync } from 'node:fs';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { createServer as createTLSServer } from 'node:tls';

// What the tenant's fault switch cannot express: servers that misbehave below HTTP, and the want of one.

const fixture = (name: string) => readFileSync(new URL(`../fixtures/localhost.${name}.pem`, import.meta.url), 'utf8');

/** What stands in the tenant's place for one call. */
export interface Impostor {
  origin: string;
  /** Options of undici's connector. */
  connect?: object;
  /** Requests that arrived in full or in part. */
  arrived(): number;
  /** Whether a socket to it is to be idle before the call that fails. */
  isKeptAlive?: true;
  /** What it does just before that call. */
  beforeUse?(): Promise<void>;
  /** Closes every socket that is open now, at once. */
  cut(): void;
  /** Takes no more connections, and waits until the last one is closed from the other side. */
  close(): Promise<void>;
}

export type Misbehaviour = keyof typeof MISBEHAVIOURS;

const HEAD = 'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 1000\r\n\r\n';

/** Each starts an impostor; those that pass requests on are told where the tenant is. */
export const MISBEHAVIOURS = {
  refused: async () => {
    const impostor = await raw(() => undefined);
    await impostor.close();
    return impostor;
  },
  // A label of more than 63 characters: resolvers refuse it by themselves, without the network.
  nameless: () => Promise.resolve(nowhere(`https://${'a'.repeat(64)}.example`)),
  untrusted: () => tls({}),
  otherHost: () => tls({ ca: fixture('cert'), servername: 'acme.eu.auth0.com' }),
  silentTLS: async () => {
    const impostor = await raw(() => undefined);
    return { ...impostor, origin: impostor.origin.replace('http:', 'https:'), connect: { timeout: 100 } };
  },
  closedIdle: async (tenantPort: number) => {
    const impostor = await relay(tenantPort);
    const beforeUse = async () => {
      // Between two polls of the event loop: the next one, which comes before the request is written, brings the news.
      await new Promise(setImmediate);
      impostor.cut();
    };
    return { ...impostor, isKeptAlive: true as const, beforeUse };
  },
  closedOnUse: async (tenantPort: number) => {
    const request = (socket: Socket) => socket.destroy();
    return { ...(await relay(tenantPort, { request })), isKeptAlive: true as const };
  },
  lostThenReset: (tenantPort: number) => relay(tenantPort, { answer: (socket) => socket.resetAndDestroy() }),
  lostThenSilent: (tenantPort: number) => relay(tenantPort, { answer: () => undefined }),
  reset: () => raw((socket) => socket.resetAndDestroy()),
  resetInBody: () =>
    raw((socket) => {
      socket.write(`${HEAD}{"access_token":"`, () => setImmediate(() => socket.resetAndDestroy()));
    }),
  notHTTP: () => raw((socket) => socket.write('SSH-2.0-OpenSSH_9.6\r\n')),
  silentBody: () => raw((socket) => socket.write(HEAD)),
};

/** Calls `act` for each request. */
function raw(act: (socket: Socket) => void): Promise<Impostor> {
  let requests = 0;
  const server = createServer((socket) => {
    socket.on('data', (bytes) => {
      if (!isHead(bytes)) return;
      requests += 1;
      act(socket);
    });
  });
  return listen(server, () => requests);
}

interface Relaying {
  /** Sees each request first, and may end it. */
  request?: (socket: Socket) => void;
  /** Takes the place of passing on what the tenant answers. */
  answer?: (socket: Socket, bytes: Buffer) => void;
}

/** Passes everything on to the tenant, and its answers back. */
function relay(tenantPort: number, { request, answer = passOn }: Relaying = {}): Promise<Impostor> {
  let requests = 0;
  const server = createServer((socket) => {
    const upstream = connect(tenantPort, '127.0.0.1');
    upstream.on('error', () => undefined).on('close', () => socket.destroy());
    upstream.on('data', (bytes) => {
      answer(socket, bytes);
    });
    socket.on('close', () => upstream.destroy());
    socket.on('data', (bytes) => {
      if (isHead(bytes)) {
        requests += 1;
        request?.(socket);
      }
      if (!socket.destroyed) upstream.write(bytes);
    });
  });
  return listen(server, () => requests);
}

function passOn(socket: Socket, bytes: Buffer): void {
  socket.write(bytes);
}

async function tls(connectOptions: object): Promise<Impostor> {
  let requests = 0;
  const server = createTLSServer({ key: fixture('key'), cert: fixture('cert') }, (socket) => {
    socket.on('error', () => undefined).on('data', () => (requests += 1));
  });
  const impostor = await listen(server, () => requests);
  return { ...impostor, origin: impostor.origin.replace('http:', 'https:'), connect: connectOptions };
}

async function listen(server: Server, arrived: () => number): Promise<Impostor> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined).on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    arrived,
    cut() {
      for (const socket of sockets) socket.destroy();
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
      }),
  };
}

function nowhere(origin: string): Impostor {
  return { origin, arrived: () => 0, cut: () => undefined, close: () => Promise.resolve() };
}

/** A request's body may come in a chunk of its own. `/inbox` is asked for to have a socket, and does not count. */
function isHead(bytes: Buffer): boolean {
  return /^(GET|POST|DELETE) \/(?!inbox)/.test(bytes.toString('latin1'));
}
