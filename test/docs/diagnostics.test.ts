import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { type Attributes, context, type Context, type Span, SpanStatusCode, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import express from 'express';
import session from 'express-session';
import passport from 'passport';
import { PasswordlessStrategy, start, verify, type VerifyFunction } from 'passport-auth0-passwordless';
import { startLocalTenant } from 'passport-auth0-passwordless/testing';
import request from 'supertest';
import { afterAll, describe, expect, onTestFinished, test } from 'vitest';
import { extract, names, tableUnder } from './pages.js';
import { membersOf } from './source.js';

const page = 'docs/diagnostics.md';
const { folder, remove } = extract(page);
afterAll(remove);
const load = (file: string) => import(join(folder, file)) as Promise<unknown>;

const email = 'ada@example.com';

interface Setup {
  before?: express.Handler[];
  /** By `verify`. */
  called?: (id: string) => void;
}

/** An app of three routes, which a middleware may be put in front of, and a tenant with one user. */
async function setUp({ before = [], called = () => undefined }: Setup = {}) {
  const tenant = await startLocalTenant({ users: [{ email, factors: [{ type: 'otp' }] }] });
  const verifyUser: VerifyFunction = (_tokens, { id }) => {
    called(id);
    return Promise.resolve({ id });
  };
  const strategy = new PasswordlessStrategy(tenant, verifyUser);
  passport.use(strategy);
  passport.serializeUser((user, done) => {
    done(null, user);
  });
  const app = express();
  app.use(session({ secret: 'test', resave: false, saveUninitialized: false }), express.json(), ...before);
  const done: express.Handler = (_req, res) => {
    res.end();
  };
  app.post('/login', passport.authenticate(strategy.name, start() as object), done);
  app.post('/login/code', passport.authenticate(strategy.name, verify({ stage: 'code' }) as object), done);
  app.post('/login/mfa', passport.authenticate(strategy.name, verify({ stage: 'mfa' }) as object), done);
  const server = app.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(async () => {
    server.close();
    await strategy.auth0.close();
    await tenant.close();
  });
  const browser = request.agent(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  return { tenant, browser, code: () => tenant.inbox.latest(email)?.code ?? '' };
}

describe.each([
  ['Calls to Auth0', 'lib/auth0/tracing.ts', 'RequestMessage'],
  ['Outcomes', 'lib/diagnostics.ts', 'OutcomeMessage'],
])('the table of %s', (heading, file, type) => {
  test('has every member of the message in order, marked as optional where it is', () => {
    const documented = tableUnder(page, heading).map(([cell = '', what = '']) => [names(cell), what.endsWith('?')]);
    expect(documented).toEqual(membersOf(file, type).map(({ name, isOptional }) => [[name], isOptional]));
  });

  test('gives a unit to every number', () => {
    for (const [member, what = '', unit] of tableUnder(page, heading)) {
      if (what.startsWith('number')) expect(unit, member).toMatch(/milliseconds|HTTP status/);
    }
  });
});

interface Recorded {
  name: string;
  attributes: Attributes;
  parent: Span | undefined;
  status?: SpanStatusCode;
  hasEnded: boolean;
}

/** OpenTelemetry's own contexts, and a tracer that records. */
function traceHere(): { spans: Recorded[]; request: Span } {
  const spans: Recorded[] = [];
  const request = trace.wrapSpanContext({ traceId: '1'.repeat(32), spanId: '2'.repeat(16), traceFlags: 1 });
  const startSpan = (name: string, { attributes = {} } = {}, parent: Context = context.active()) => {
    const recorded: Recorded = { name, attributes: { ...attributes }, parent: trace.getSpan(parent), hasEnded: false };
    spans.push(recorded);
    const span = {
      setAttribute(key: string, value: string) {
        recorded.attributes[key] = value;
        return span;
      },
      setStatus({ code }: { code: SpanStatusCode }) {
        recorded.status = code;
        return span;
      },
      end() {
        recorded.hasEnded = true;
      },
    };
    return span as unknown as Span;
  };
  trace.setGlobalTracerProvider({ getTracer: () => ({ startSpan, startActiveSpan: () => undefined as never }) });
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  onTestFinished(() => {
    trace.disable();
    context.disable();
  });
  return { spans, request };
}

test("each call is a span under the request's, and says what it failed with", async () => {
  const { spans, request } = traceHere();
  const { traceCalls } = (await load('spans.ts')) as { traceCalls: () => void };
  traceCalls();
  const underTheRequest: express.Handler = (_req, _res, next) => {
    context.with(trace.setSpan(context.active(), request), next);
  };
  const { tenant, browser, code } = await setUp({ before: [underTheRequest] });
  await browser.post('/login').send({ email });
  await browser.post('/login/code').send({ otp: '000000' });
  tenant.fault({ path: '/oauth/token', respond: 'reset' });
  await browser.post('/login/code').send({ otp: code() });
  await browser.post('/login/code').send({ otp: code() });

  expect(spans.map(({ name, attributes, status }) => [name, attributes['error.type'], status])).toEqual([
    ['POST /passwordless/start', undefined, undefined],
    ['POST /oauth/token', 'wrong_code', SpanStatusCode.ERROR],
    ['POST /oauth/token', 'transport_error', SpanStatusCode.ERROR],
    ['POST /oauth/token', undefined, undefined],
    ['GET /.well-known/jwks.json', undefined, undefined],
  ]);
  for (const { parent, hasEnded, attributes } of spans) {
    expect(parent).toBe(request);
    expect(hasEnded).toBe(true);
    expect(attributes['server.port']).toBe(Number(new URL(tenant.domain).port));
  }
  expect(spans[0]?.attributes).toMatchObject({
    'http.request.method': 'POST',
    'http.response.status_code': 200,
    'url.full': `${tenant.domain}/passwordless/start`,
  });
});

test('each outcome is a line of the audit log, with the request and the user', async () => {
  const { auditLogins, forAudit, whoSignsIn } = (await load('audit.ts')) as {
    auditLogins: (write: (line: string) => void) => void;
    forAudit: express.Handler;
    whoSignsIn: (user: string) => void;
  };
  const lines: string[] = [];
  auditLogins((line) => lines.push(line));
  const { tenant, browser, code } = await setUp({ before: [forAudit], called: whoSignsIn });
  await browser.post('/login').send({ email });
  await browser.post('/login/code').send({ otp: '000000' });
  await browser.post('/login/code').send({ otp: code() });
  const entries = lines.map((line) => JSON.parse(line) as Record<string, string>);
  const base = { ip: '127.0.0.1', strategy: 'auth0-passwordless', time: expect.any(String) as string };
  const { userID } = tenant.users[0] ?? {};
  const requestID = expect.stringMatching(/^[\da-f-]{36}$/) as string;
  expect(entries).toEqual([
    { ...base, request: requestID, action: 'start', outcome: 'pass' },
    { ...base, request: requestID, action: 'verify', outcome: 'fail', code: 'wrong_code', status: 401 },
    {
      ...base,
      request: requestID,
      user: userID,
      action: 'verify',
      outcome: 'success',
      method: 'code',
      connection: 'email',
    },
  ]);
  expect(new Set(entries.map((entry) => entry.request)).size).toBe(3);
});

test('outcomes are counted by action, outcome and code', async () => {
  const { countOutcomes } = (await load('metrics.ts')) as { countOutcomes: () => () => string };
  const text = countOutcomes();
  const { browser } = await setUp();
  await browser.post('/login').send({ email });
  await browser.post('/login/code').send({ otp: '000000' });
  await browser.post('/login/code').send({ otp: '000000' });
  expect(text()).toBe(
    [
      '# TYPE passwordless_outcomes_total counter',
      'passwordless_outcomes_total{action="start",outcome="pass",code=""} 1',
      'passwordless_outcomes_total{action="verify",outcome="fail",code="wrong_code"} 2',
      '',
    ].join('\n'),
  );
});
