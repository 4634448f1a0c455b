import type { LocalTenant } from 'passport-auth0-passwordless/testing';
import { expect, test } from 'vitest';
import { createLine, TIMEOUT } from './line.js';
import { PREPARE } from './steps.js';
import { expected, type Fault, FAULTS, STATUS, type Step, STEPS } from './table.js';

const FACTS = ['retryAfter', 'limit', 'remaining', 'resetAt'];

/** A test for each of these faults at a step. Vitest itself fails a run that has an unhandled rejection. */
export function testStep(step: Step, faults = FAULTS): void {
  for (const fault of faults) {
    const { outcome, effect } = expected(fault, step);
    test(`${step}: the fault "${fault.name}" has the outcome ${outcome}, transaction ${effect}`, () =>
      runFault(fault, step));
  }
}

async function runFault(fault: Fault, step: Step): Promise<void> {
  const { outcome, effect } = expected(fault, step);
  const { path } = STEPS[step];
  const line = createLine();
  const login = await PREPARE[step]({ timeout: TIMEOUT, dispatcher: line.dispatcher });
  const { agent, attempt, goOn = attempt, sent, tenant, to = '' } = login;
  const pending = async () => ((await agent.get('/pending')).body as { pending: { to: string } | null }).pending;
  const before = await pending();

  const { tenant: respond, server } = { tenant: undefined, server: undefined, ...fault.by };
  const arrivals = () => (server ? line.arrived() : sent(path).length);
  const expectedArrivals = arrivals() + (fault.arrive ?? 1);
  const isLate = outcome === 'timeout';
  await line.fail({ path, tenant, server, isLate, hasArrived: () => arrivals() >= expectedArrivals });
  if (respond) tenant.fault({ path, respond });
  const { body, status, text } = await attempt();
  const said = (body.error ?? (status < 300 ? {} : body)) as Record<string, unknown>;

  expect({ status, code: said.code }).toEqual({
    status: STATUS[outcome],
    code: outcome === 'works' ? undefined : outcome,
  });
  expect(Object.fromEntries(Object.entries(said).filter(([name]) => FACTS.includes(name)))).toEqual(fault.facts ?? {});
  if (fault.reason) expect(said.message).toContain(fault.reason);
  if (outcome !== 'works') expect(text).not.toMatch(/@example|secret|Fe26|\+1202/);
  expect(arrivals()).toBe(expectedArrivals);

  if (effect === 'asked') {
    expect(await pending()).toMatchObject({ stage: 'code', to: `${to.charAt(0)}•••@example.com` });
    const otp = await sendLate(tenant, to);
    expect((await agent.post('/code').send({ otp })).status).toBe(200);
  } else if (outcome !== 'works' && effect === 'kept') {
    expect(await pending()).toEqual(before);
    expect((await goOn()).status).toBe(200);
  } else if (outcome !== 'works') {
    expect(await pending()).toBeNull();
    expect((await attempt()).status).toBe(403);
  }
  await line.expectCleanEnd();
}

/** Has the tenant send a code after all. */
async function sendLate(
  { domain, clientID: client_id, clientSecret: client_secret, inbox }: LocalTenant,
  email: string,
): Promise<string> {
  const body = JSON.stringify({ client_id, client_secret, connection: 'email', email, send: 'code' });
  await fetch(`${domain}/passwordless/start`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body,
  });
  return inbox.latest(email)?.code ?? '';
}
