import type { LocalTenant } from 'passport-auth0-passwordless/testing';
import type { Pool } from 'undici';
import { expect, onTestFinished, vi } from 'vitest';
import { createPool } from '../../lib/auth0/http.js';
import { type Impostor, MISBEHAVIOURS, type Misbehaviour } from './servers.js';

interface Options {
  origin: string;
  path: string;
  signal: AbortSignal;
}

interface Failing {
  /** The next call to this path fails. */
  path: string;
  tenant: LocalTenant;
  /** The impostor that it is led to; default: the tenant itself, and its fault switch. */
  server?: Misbehaviour | undefined;
  /** Until then, the call's deadline waits. */
  hasArrived: () => boolean;
}

const idle = { running: 0, pending: 0, queued: 0, busy: 0 };

/**
 * The line between a strategy and its tenant, for the option `dispatcher`: pools as the strategy makes them, of which the
 * one call that is to fail may be led to an impostor. That call alone has a deadline, and not before it arrived, so that a
 * slow machine changes nothing.
 */
export function createLine() {
  const pools: Pool[] = [];
  let tenantPool: Pool | undefined;
  let impostor: Impostor | undefined;
  let failing: { path: string; hasArrived: () => boolean; pool?: Pool } | undefined;

  const open = (origin: string, connect: object = {}) => {
    const pool = createPool(origin, { timeout: 20_000, ...connect });
    pools.push(pool);
    return pool;
  };
  onTestFinished(async () => {
    impostor?.cut();
    await Promise.all(pools.map((pool) => pool.destroy()));
  });

  return {
    dispatcher: {
      async request(options: Options) {
        tenantPool ??= open(options.origin);
        if (options.path !== failing?.path) return tenantPool.request({ ...options, signal: null } as never);
        // Once: what is sent again gets through, and is noticed.
        const { pool = tenantPool, hasArrived } = failing;
        failing = undefined;
        const signal = delayed(options.signal, hasArrived);
        await impostor?.beforeUse?.();
        return pool.request({ ...options, signal, origin: impostor?.origin ?? options.origin } as never);
      },
    },

    async fail({ path, tenant, server, hasArrived }: Failing): Promise<void> {
      failing = { path, hasArrived };
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
        }, 10_000);
        await pool.close();
      }
      await impostor?.close();
    },
  };
}

function delayed(signal: AbortSignal, until: () => boolean): AbortSignal {
  const controller = new AbortController();
  const check = () => {
    if (!until()) throw new Error('The request has not arrived.');
  };
  signal.addEventListener('abort', () => {
    void vi.waitFor(check, 10_000).then(() => {
      controller.abort();
    });
  });
  return controller.signal;
}
