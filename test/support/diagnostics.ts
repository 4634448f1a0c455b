import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { OutcomeMessage, RequestMessage } from 'passport-auth0-passwordless';
import { onTestFinished } from 'vitest';

export const OUTCOME = 'passport-auth0-passwordless:outcome';
export const REQUEST = 'tracing:passport-auth0-passwordless:request';
const PHASES = ['start', 'end', 'asyncStart', 'asyncEnd', 'error'] as const;

export function listenTo(channel: string, listener: (message: unknown) => void): void {
  subscribe(channel, listener);
  onTestFinished(() => {
    unsubscribe(channel, listener);
  });
}

/** What both channels say until the test ends. */
export function diagnostics() {
  const outcomes: OutcomeMessage[] = [];
  const requests: [phase: (typeof PHASES)[number], message: RequestMessage & { error?: unknown; result?: unknown }][] =
    [];
  listenTo(OUTCOME, (message) => outcomes.push(message as OutcomeMessage));
  for (const phase of PHASES) {
    listenTo(`${REQUEST}:${phase}`, (message) => requests.push([phase, message as RequestMessage]));
  }
  return { outcomes, requests };
}
