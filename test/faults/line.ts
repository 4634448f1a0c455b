import { setTimeout as delay } from 'node:timers/promises';
import type { LocalTenant } from 'passport-auth0-passwordless/testing';
import type { Pool } from 'undici';
import { expect, onTestFinished, vi } from 'vitest';
import { createPool } from '../../lib/auth0/http.js';
import { dispatcherOf } from '../support/dispatcher.js';
import { type Impostor, MISBEHAVIOURS, type Misbehaviour } from './servers.js';

/** The strategy's option `timeout` in these tests: longer than any call takes, on the slowest machine. */
export const TIMEOUT = 20_001;

interface Failing {
  /** The next call to this path fails. */
  path: string;
  tenant: LocalTenant;
  /** The impostor that it is led to; default: the tenant itself, and its fault switch. */
  server?: Misbehaviour | undefined;
  /** Where the call is to run out of time: that is made to happen as soon as it has arrived. */
  isLate?: boolean;
  hasArrived: () => boolean;
}

/** The longest wait for what happens by itself, and the time between two looks. */
const SOON = { timeout: 10_000, interval: 2 };

const idle = { running: 0, pending: 0, queued: 0, busy: 0 };

/**
 * The line between a strategy and its tenant, for the option `dispatcher`: pools as the strategy makes them, of which the
 * one call that is to fail may be led to an impostor. Its deadline passes when the test says so, not with time, so that a
 * slow machine changes nothing.
 */
export function createLine() {
  const pools: Pool[] = [];
  let tenantPool: Pool | undefined;
  let impostor: Impostor | undefined;
  let failing: (Pick<Failing, 'path' | 'isLate' | 'hasArrived'> & { pool?: Pool }) | undefined;
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
      // Once: what is sent again gets through, and is noticed.
      const { pool = tenantPool, isLate, hasArrived } = failing;
      failing = undefined;
      const { pass } = deadline();
      await impostor?.beforeUse?.();
      const answer = pool.request({ ...asked, origin: impostor?.origin ?? String(asked.origin) });
      if (isLate) {
        const arrival = vi.waitFor(() => {
          expect(hasArrived()).toBe(true);
        }, SOON);
        // Headers may be on their way, where there are any.
        void arrival.then(() => Promise.race([answer, delay(50)])).then(pass, pass);
      }
      return answer;
    }),

    async fail({ path, tenant, server, isLate = false, hasArrived }: Failing): Promise<void> {
      failing = { path, isLate, hasArrived };
      if (!server) return;
      const opened: Impostor = await MISBEHAVIOURS[server](Number(new URL(tenant.domain).port));
      impostor = opened;
      failing.pool = open(opened.origin, opened.connect);
      if (opened.isKeptAlive) await (await failing.pool.request({ method: 'GET', path: '/inbox' })).body.dump();
    },

    /** Requests that an impostor got. */
    arrived: () => impostor?.arrived() ?? 0,

    /** Nothing of what was sent is under way any more, and every socket is closed, those to an impostor by us. */
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

/** Of the timers of this length, the one that was set last, to be let pass at will. */
function newestTimer(length: number): () => { pass: () => void } {
  const { setTimeout } = globalThis;
  let newest = () => {};
  const spy = vi.spyOn(globalThis, 'setTimeout').mockImplementation((pass: () => void, ms?: number, ...rest) => {
    if (ms === length) newest = pass;
    // undici's timers want what they were given.
    return setTimeout(pass, ms, ...rest);
  });
  onTestFinished(() => {
    spy.mockRestore();
  });
  return () => ({ pass: newest });
}
