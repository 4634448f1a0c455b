import { readFileSync } from 'node:fs';
import { connect, createServer, type Socket } from 'node:net';
import { createServer as createTLSServer, Server as TLSServer } from 'node:tls';
import { listen } from '../support/servers.js';

// Servers that misbehave below HTTP, which the tenant's fault switch cannot express, and the lack of any server.

/** Stands in the tenant's place for one call. */
export interface Impostor {
  origin: string;
  /** Options of undici's connector. */
  connect?: object;
  /** Requests that arrived in full or in part. */
  arrived(): number;
  /** Whether a socket to it must be idle before the call that fails. */
  isKeptAlive?: true;
  /** What it does just before that call. */
  beforeUse?(): Promise<void>;
  /** Refuses new connections, and waits until the other side has closed the last one. */
  close(): Promise<void>;
}

export type Misbehaviour = keyof typeof MISBEHAVIOURS;

const HEAD = 'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 1000\r\n\r\n';

/** Each starts an impostor; those that pass requests on need the tenant's port. */
export const MISBEHAVIOURS = {
  refused: async () => {
    const impostor = await start();
    await impostor.close();
    return impostor;
  },
  // A label of more than 63 characters: resolvers refuse it by themselves, without the network.
  nameless: () =>
    Promise.resolve({ origin: `https://${'a'.repeat(64)}.example`, arrived: () => 0, close: () => Promise.resolve() }),
  untrusted: () => tls({}),
  otherHost: () => tls({ ca: fixture('cert'), servername: 'acme.eu.auth0.com' }),
  silentTLS: async () => overTLS(await start(), { timeout: 100 }),
  closedIdle: async (tenantPort: number) => {
    const impostor = await relay(tenantPort);
    const beforeUse = async () => {
      // Between two polls of the event loop: the next poll reports the closed socket before the request is written.
      await new Promise(setImmediate);
      for (const socket of impostor.sockets) socket.destroy();
    };
    return { ...impostor, isKeptAlive: true as const, beforeUse };
  },
  closedOnUse: async (tenantPort: number) => {
    const onRequest = (socket: Socket) => socket.destroy();
    return { ...(await relay(tenantPort, { onRequest })), isKeptAlive: true as const };
  },
  lostThenReset: (tenantPort: number) => relay(tenantPort, { answer: (socket) => socket.resetAndDestroy() }),
  lostThenSilent: (tenantPort: number) => relay(tenantPort, { answer: () => undefined }),
  reset: () => start((socket) => socket.resetAndDestroy()),
  resetInBody: () =>
    start((socket) => {
      socket.write(`${HEAD}{"access_token":"`, () => setImmediate(() => socket.resetAndDestroy()));
    }),
  notHTTP: () => start((socket) => socket.write('SSH-2.0-OpenSSH_9.6\r\n')),
  silentBody: () => start((socket) => socket.write(HEAD)),
};

/** Calls `onRequest` for each request. */
async function start(onRequest: (socket: Socket) => void = () => undefined, server = createServer()) {
  let requests = 0;
  const { origin, sockets } = await listen(server);
  server.on(server instanceof TLSServer ? 'secureConnection' : 'connection', (socket: Socket) => {
    socket.on('error', () => undefined);
    socket.on('data', (bytes) => {
      if (!isHead(bytes)) return;
      requests += 1;
      onRequest(socket);
    });
  });
  const close = async () => {
    await new Promise((resolve) => server.close(resolve));
  };
  return { origin, sockets, arrived: () => requests, close };
}

/** Passes requests on to the tenant unless `onRequest` ends them, and the tenant's responses back to `answer`. */
async function relay(
  tenantPort: number,
  { onRequest, answer = (socket, bytes) => socket.write(bytes) }: Relaying = {},
) {
  const server = createServer();
  const impostor = await start(onRequest, server);
  server.on('connection', (socket) => {
    const upstream = connect(tenantPort, '127.0.0.1');
    upstream.on('error', () => undefined).on('close', () => socket.destroy());
    upstream.on('data', (bytes) => answer(socket, bytes));
    socket.on('close', () => upstream.destroy());
    socket.on('data', (bytes) => {
      if (!socket.destroyed) upstream.write(bytes);
    });
  });
  return impostor;
}

interface Relaying {
  onRequest?: (socket: Socket) => void;
  answer?: (socket: Socket, bytes: Buffer) => unknown;
}

async function tls(connectOptions: object): Promise<Impostor> {
  const server = createTLSServer({ key: fixture('key'), cert: fixture('cert') });
  return overTLS(await start(undefined, server), connectOptions);
}

const overTLS = (impostor: Impostor, connectOptions: object): Impostor => ({
  ...impostor,
  origin: impostor.origin.replace('http:', 'https:'),
  connect: connectOptions,
});

function fixture(name: string): string {
  return readFileSync(new URL(`../fixtures/localhost.${name}.pem`, import.meta.url), 'utf8');
}

/** A request's body may come in a chunk of its own. `/inbox` only opens a socket, and does not count. */
function isHead(bytes: Buffer): boolean {
  return /^(GET|POST|DELETE) \/(?!inbox)/.test(bytes.toString('latin1'));
}
