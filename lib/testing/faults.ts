import { validateHeaderName, validateHeaderValue, type ServerResponse } from 'node:http';
import { isInboxPath } from './requests.js';

type Misbehaviour = 'reset' | 'timeout' | 'truncate';

/** Something going wrong between the app and the tenant. */
export interface Fault {
  /** The endpoint's path, as in `'/oauth/token'`. */
  path: string;
  /** How many requests it hits; default 1, `Infinity` for every one until it is undone. */
  times?: number;
  /**
   * What the request gets in place of the endpoint's answer (which does not run): `'reset'`, a closed connection;
   * `'timeout'`, no answer at all; `'truncate'`, an answer that breaks off; or an answer of your own with a status from
   * 200 to 599, an object as `body` going out as JSON.
   */
  respond: Misbehaviour | { status: number; headers?: Record<string, string>; body?: object | string };
}

/** A fault that is still to happen, `left` times. */
interface Armed {
  id: number;
  fault: Fault;
  left: number;
}

/** The faults that are still to happen, oldest first. */
export class Faults {
  private pending: Armed[] = [];
  private count = 0;

  /** Returns what undoes it. */
  add(fault: Fault): () => void {
    check(fault);
    const id = (this.count += 1);
    this.pending.push({ id, fault, left: fault.times ?? 1 });
    return () => {
      this.undo(id);
    };
  }

  undo(id: number): void {
    this.pending = this.pending.filter((each) => each.id !== id);
  }

  get armed(): readonly Readonly<Armed>[] {
    return this.pending;
  }

  take(path: string): Fault['respond'] | undefined {
    const entry = this.pending.find(({ fault }) => fault.path === path);
    if (!entry) return undefined;
    entry.left -= 1;
    if (entry.left <= 0) this.undo(entry.id);
    return entry.fault.respond;
  }
}

function check({ path, times = 1, respond }: Fault): void {
  if (!path.startsWith('/')) throw new TypeError("fault: path must be an endpoint's path, as in '/oauth/token'");
  if (isInboxPath(path)) throw new TypeError('fault: path must be one of the wire; the inbox is always there');
  if (!(times === Infinity || (Number.isInteger(times) && times > 0))) {
    throw new TypeError('fault: times must be a whole number of requests, or Infinity');
  }
  const isKnown =
    typeof respond === 'object' ? isStatus(respond.status) : ['reset', 'timeout', 'truncate'].includes(respond);
  if (!isKnown) {
    throw new TypeError("fault: respond must be 'reset', 'timeout', 'truncate' or { status, headers?, body? }");
  }
  if (typeof respond !== 'object') return;
  for (const [name, value] of Object.entries(respond.headers ?? {})) {
    validateHeaderName(name);
    validateHeaderValue(name, value);
  }
}

/** Of an answer; those below 200 come before one. */
const isStatus = (status: number) => Number.isInteger(status) && status >= 200 && status <= 599;

export function misbehave(response: ServerResponse, how: Misbehaviour): void {
  if (how === 'reset') response.destroy();
  if (how !== 'truncate') return;
  response.writeHead(200, { 'content-type': 'application/json; charset=utf-8', 'content-length': 1_000 });
  response.write('{"access_token":"', () => response.destroy());
}
