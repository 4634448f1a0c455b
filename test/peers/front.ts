import { createServer, type IncomingMessage, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { type AppSetup, openApp } from '../support/app.js';

export const clientID = 'peer-client';
export const clientSecret = 'a secret of the peer, long enough for HS256';

/**
 * A loopback origin with a server of somebody else's behind it. OpenID Connect has no call that sends a mail, so this
 * one path is a stub of ours: `POST /passwordless/start` answers, and keeps the link that Auth0 would mail, which is an
 * authorization request. Whatever is asked at another path is answered by the peer.
 */
export async function startFront() {
  let peer: RequestListener = (_req, res) => res.writeHead(503).end();
  let link = '';

  const server = createServer((req, res) => {
    if (req.url !== '/passwordless/start') {
      peer(req, res);
      return;
    }
    void readLink(req).then((url) => {
      link = url;
      res.writeHead(200, { 'content-type': 'application/json' }).end('{}');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  return {
    origin,
    setPeer: (listener: RequestListener) => (peer = listener),
    /** Where the newest link leads. */
    link: () => new URL(link, origin),
    close: () =>
      new Promise((resolve) => {
        server.close(resolve);
        server.closeAllConnections();
      }),
  };
}

async function readLink(req: IncomingMessage): Promise<string> {
  const { client_id, authParams } = JSON.parse(await text(req)) as { client_id: string; authParams: object };
  return `/authorize?${new URLSearchParams({ client_id, ...authParams }).toString()}`;
}

/** A browser in front of an app whose Auth0 tenant is the origin. */
export async function browse(domain: string, strategy: AppSetup['strategy'] = {}) {
  const { browser } = await openApp({ domain, clientID, clientSecret }, { strategy });
  return browser();
}
