import type { AppQuestions, Held } from './app.js';
import { Browsers, type Tally } from './browsers.js';
import { startProcess } from './process.js';
import type { TenantQuestions } from './tenant.js';

export interface Plan {
  /** Before anything is compared: so many logins that everything has its working size. */
  warmUp: number;
  logins: number;
  /** The strategy's `timeout`, in milliseconds. */
  timeout: number;
  /** Milliseconds for which the tenant does nothing, once a quarter of the logins are over. */
  stall?: number;
}

interface Span {
  from: number;
  to: number;
}

export interface Run {
  plan: Plan;
  tally: Tally;
  /** After the warm-up. */
  before: Held;
  after: Held;
  left: AppQuestions['left'];
  /** When the logins after the warm-up took place; milliseconds since the epoch, as below. */
  logins: Span;
  /** When the tenant did nothing. */
  stalled?: Span;
}

/** One app and one tenant, each a process of its own; the browsers are in this one. */
export async function run(plan: Plan): Promise<Run> {
  const tenant = startProcess<TenantQuestions>('tenant.ts');
  const app = startProcess<AppQuestions>('app.ts', { ...(await tenant.ask('credentials')), timeout: plan.timeout });
  const browsers = new Browsers(await app.ask('url'), (email) => tenant.ask('code', email));
  try {
    await browsers.signIn(plan.warmUp);
    const before = await app.ask('held');

    let stalled: Promise<Span> | undefined;
    const stall = async (milliseconds: number) => {
      const from = Date.now();
      return { from, to: await tenant.ask('stall', String(milliseconds)) };
    };
    const from = Date.now();
    await browsers.signIn(plan.logins, (done) => {
      if (plan.stall !== undefined && done >= plan.logins / 4) stalled ??= stall(plan.stall);
    });
    const logins = { from, to: Date.now() };
    const after = await app.ask('held');

    await browsers.close();
    const left = await app.ask('left');
    return { plan, tally: browsers.tally, before, after, left, logins, ...(stalled && { stalled: await stalled }) };
  } finally {
    await Promise.all([app.stop(), tenant.stop()]);
  }
}
