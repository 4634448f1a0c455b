import { type Attributes, context, type Context, type Span, SpanStatusCode, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import type express from 'express';
import passport from 'passport';
import { start, verify } from 'passport-auth0-passwordless';
import request from 'supertest';
import { expect, onTestFinished, test } from 'vitest';
import { ada, createApp, extract, serve, setUp } from './examples.js';

const { load } = extract('docs/diagnostics.md');

interface Setup {
  /** A middleware in front of the routes. */
  before?: express.Handler;
  /** Called by `verify`. */
  onUser?: (id: string) => void;
}

async function open({ before, onUser }: Setup = {}) {
  const { tenant, strategy, code } = await setUp({
    verify: (_tokens, { id }) => {
      onUser?.(id);
      return Promise.resolve({ id });
    },
  });
  const app = createApp(strategy);
  if (before) app.use(before);
  const done: express.Handler = (_req, res) => {
    res.end();
  };
  app.post('/login', passport.authenticate(strategy.name, start()) as express.Handler, done);
  app.post('/login/code', passport.authenticate(strategy.name, verify()) as express.Handler, done);
  const browser = request.agent(await serve(app));
  return {
    tenant,
    start: () => browser.post('/login').send({ email: ada }),
    verify: (otp = code()) => browser.post('/login/code').send({ otp }),
  };
}

interface Recorded {
  name: string;
  attributes: Attributes;
  parent: Span | undefined;
  status?: SpanStatusCode;
  hasEnded: boolean;
}

/** Traces with OpenTelemetry's own contexts, and a tracer that records. */
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

test("each call to Auth0 is a span under the request's span, with the code of its error", async () => {
  const { spans, request } = traceHere();
  const { traceCalls } = (await load('spans.ts')) as { traceCalls: () => void };
  traceCalls();
  const underTheRequest: express.Handler = (_req, _res, next) => {
    context.with(trace.setSpan(context.active(), request), next);
  };
  const { tenant, start, verify } = await open({ before: underTheRequest });
  await start();
  await verify('000000');
  tenant.fault({ path: '/oauth/token', respond: 'reset' });
  await verify();
  await verify();

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

test('each outcome is a line of the audit log, with the ID of the request and of the user', async () => {
  const { auditLogins, forAudit, whoSignsIn } = (await load('audit.ts')) as {
    auditLogins: (write: (line: string) => void) => void;
    forAudit: express.Handler;
    whoSignsIn: (user: string) => void;
  };
  const lines: string[] = [];
  auditLogins((line) => lines.push(line));
  const { tenant, start, verify } = await open({ before: forAudit, onUser: whoSignsIn });
  await start();
  await verify('000000');
  await verify();
  const entries = lines.map((line) => JSON.parse(line) as Record<string, string>);
  const base = {
    ip: '127.0.0.1',
    strategy: 'auth0-passwordless',
    time: expect.any(String) as string,
    request: expect.stringMatching(/^[\da-f-]{36}$/) as string,
  };
  const user = tenant.users[0]?.userID;
  expect(entries).toEqual([
    { ...base, action: 'start', outcome: 'pass' },
    { ...base, action: 'verify', outcome: 'fail', code: 'wrong_code', status: 401 },
    { ...base, user, action: 'verify', outcome: 'success', method: 'code', connection: 'email' },
  ]);
  expect(new Set(entries.map((entry) => entry.request)).size).toBe(3);
});

test('the metrics count outcomes by action, outcome and code', async () => {
  const { countOutcomes } = (await load('metrics.ts')) as { countOutcomes: () => () => string };
  const text = countOutcomes();
  const { start, verify } = await open();
  await start();
  await verify('000000');
  await verify('000000');
  expect(text()).toBe(
    [
      '# TYPE passwordless_outcomes_total counter',
      'passwordless_outcomes_total{action="start",outcome="pass",code=""} 1',
      'passwordless_outcomes_total{action="verify",outcome="fail",code="wrong_code"} 2',
      '',
    ].join('\n'),
  );
});
