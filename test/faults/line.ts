import { setTimeout as delay } from 'node:timers/promises';
import type { LocalTenant } from 'passport-auth0-passwordless/testing';
import type { Pool } from 'undici';
import { expect, onTestFinished, vi } from 'vitest';
import { createPool } from '../../lib/auth0/http.js';
import { dispatcherOf } from '../support/dispatcher.js';
import { type Impostor, MISBEHAVIOURS, type Misbehaviour } from './servers.js';

/** The strategy's option `timeout` in these tests: longer than any call takes, on the slowest machine. */
export const TIMEOUT = 20_001;

/** How long a test waits for the end of something in progress, and how often it looks. */
const SOON = { timeout: 10_000, interval: 2 };

interface Failing {
  /** The next call to this path fails. */
  path: string;
  tenant: LocalTenant;
  /** The impostor that the call reaches; default: the tenant itself, and its fault switch. */
  server?: Misbehaviour | undefined;
  /** Whether the call times out, as soon as `hasArrived`. */
  isLate?: boolean;
  hasArrived?: () => boolean;
}

const idle = { running: 0, pending: 0, queued: 0, busy: 0 };

/**
 * The line between a strategy and its tenant, for the option `dispatcher`: pools as the strategy makes them. One call can
 * be led to an impostor. The test decides when its deadline passes, so that a slow machine changes nothing.
 */
export function createLine() {
  const pools: Pool[] = [];
  let tenantPool: Pool | undefined;
  let impostor: Impostor | undefined;
  let failing: (Failing & { pool?: Pool }) | undefined;
  const deadline = newestTimer(TIMEOUT);

  const open = (origin: string, connect: object = {}) => {
    const pool = createPool(origin, { timeout: 20_000, ...connect });
    pools.push(pool);
    return pool;
  };
  onTestFinished(async () => {
    await Promise.all(pools.map((pool) => pool.destroy()));
  });

  return {
    dispatcher: dispatcherOf(async (asked) => {
      tenantPool ??= open(String(asked.origin));
      if (asked.path !== failing?.path) return tenantPool.request(asked);
      // Only once: a request that is sent again gets through, and is noticed.
      const { pool = tenantPool, isLate, hasArrived } = failing;
      failing = undefined;
      const { pass } = deadline();
      await impostor?.beforeUse?.();
      const answer = pool.request({ ...asked, origin: impostor?.origin ?? String(asked.origin) });
      if (isLate) {
        const arrival = vi.waitFor(() => {
          expect(hasArrived?.()).toBe(true);
        }, SOON);
        // Leaves time for headers, if there are any.
        void arrival.then(() => Promise.race([answer, delay(50)])).then(pass, pass);
      }
      return answer;
    }),

    async fail(call: Failing): Promise<void> {
      failing = call;
      if (!call.server) return;
      impostor = await MISBEHAVIOURS[call.server](Number(new URL(call.tenant.domain).port));
      const pool = open(impostor.origin, impostor.connect);
      if (impostor.isKeptAlive) await (await pool.request({ method: 'GET', path: '/inbox' })).body.dump();
      failing = { ...call, pool };
    },

    /** Requests that an impostor got. */
    arrived: () => impostor?.arrived() ?? 0,

    /** Nothing that was sent is still in progress, and every socket is closed, those to an impostor by us. */
    async expectCleanEnd(): Promise<void> {
      for (const pool of pools) {
        await vi.waitFor(() => {
          const { running, pending, queued, connected, free } = pool.stats;
          expect({ running, pending, queued, busy: connected - free }).toEqual(idle);
        }, SOON);
        await pool.close();
      }
      await impostor?.close();
    },
  };
}

/** Returns the newest timer of this length, which then passes when the test says so. */
function newestTimer(length: number): () => { pass: () => void } {
  const { setTimeout } = globalThis;
  let newest = () => {};
  const spy = vi.spyOn(globalThis, 'setTimeout').mockImplementation((pass: () => void, ms?: number, ...rest) => {
    if (ms === length) newest = pass;
    // undici's timers need what they were given.
    return setTimeout(pass, ms, ...rest);
  });
  onTestFinished(() => {
    spy.mockRestore();
  });
  return () => ({ pass: newest });
}
