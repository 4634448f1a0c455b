/**
 * Stands in for Auth0, over TLS and in a process of its own, so that its CPU is nobody's figure. It takes every code,
 * answers with tokens that were signed before the first request, and counts what arrives.
 */
import { readFileSync } from 'node:fs';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { answerQuestions } from '../load/process.js';
import { CLIENT_ID, EMAIL, NONCE } from './stub-client.js';

export interface StubQuestions {
  origin: string;
  /** What has arrived since this was asked last. */
  counts: Counts;
  /** Answers wait for so many milliseconds from now on. */
  delay: null;
}

export interface Counts {
  /** By path. */
  requests: Record<string, number>;
  /** Connections, at the most at once. */
  sockets: number;
}

const pem = (name: string) => readFileSync(new URL(`../fixtures/localhost.${name}.pem`, import.meta.url));
const server = createServer({ key: pem('key'), cert: pem('cert'), keepAliveTimeout: 60_000 });
await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve));
const origin = `https://localhost:${(server.address() as AddressInfo).port}`;

const { privateKey, publicKey } = await generateKeyPair('RS256');
const kid = 'bench';
const profile = {
  sub: 'email|5f7c8ec7c33c6c004bbafe82',
  name: EMAIL,
  nickname: 'ada',
  email: EMAIL,
  email_verified: true,
};

async function tokens(claims: object = {}): Promise<string> {
  const idToken = await new SignJWT({ ...profile, picture: 'https://example.com/ada.png', sid: 'a session', ...claims })
    .setProtectedHeader({ alg: 'RS256', typ: 'JWT', kid })
    .setIssuer(`${origin}/`)
    .setAudience(CLIENT_ID)
    .setIssuedAt()
    .setExpirationTime('10h')
    .sign(privateKey);
  return JSON.stringify({
    access_token: 'an-opaque-access-token-of-32-char',
    id_token: idToken,
    scope: 'openid profile email',
    expires_in: 86400,
    token_type: 'Bearer',
  });
}

const ofCode = await tokens();
const ofCallback = await tokens({ nonce: NONCE });
const answers: Record<string, string> = {
  '/passwordless/start': JSON.stringify({ _id: '5f7c8ec7c33c6c004bbafe82', email: EMAIL, email_verified: false }),
  '/userinfo': JSON.stringify(profile),
  '/.well-known/jwks.json': JSON.stringify({
    keys: [{ ...(await exportJWK(publicKey)), kid, use: 'sig', alg: 'RS256' }],
  }),
  '/.well-known/openid-configuration': JSON.stringify({
    issuer: `${origin}/`,
    authorization_endpoint: `${origin}/authorize`,
    token_endpoint: `${origin}/oauth/token`,
    jwks_uri: `${origin}/.well-known/jwks.json`,
    userinfo_endpoint: `${origin}/userinfo`,
    id_token_signing_alg_values_supported: ['RS256'],
  }),
};

let delay = 0;
let requests: Counts['requests'] = {};
const open = new Set<TLSSocket>();
let most = 0;

server.on('secureConnection', (socket) => {
  open.add(socket);
  most = Math.max(most, open.size);
  socket.once('close', () => open.delete(socket));
});

server.on('request', (req, res) => {
  const [path = ''] = (req.url ?? '').split('?');
  requests[path] = (requests[path] ?? 0) + 1;
  let body = '';
  req.setEncoding('utf8');
  req.on('data', (chunk: string) => (body += chunk));
  req.on('end', () => {
    const isCallback = body.includes('grant_type=authorization_code');
    const answer = path === '/oauth/token' ? (isCallback ? ofCallback : ofCode) : answers[path];
    const send = () => {
      res.writeHead(answer === undefined ? 404 : 200, { 'content-type': 'application/json' }).end(answer ?? '{}');
    };
    if (delay === 0) send();
    else setTimeout(send, delay);
  });
});

answerQuestions<StubQuestions>({
  origin: () => origin,
  counts() {
    const counts = { requests, sockets: most };
    requests = {};
    most = open.size;
    return counts;
  },
  delay(milliseconds) {
    delay = Number(milliseconds);
    return null;
  },
});
