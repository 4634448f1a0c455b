import { type LocalTenant, startLocalTenant } from 'passport-auth0-passwordless/testing';
import { answerQuestions } from './process.js';

export interface TenantQuestions {
  credentials: Pick<LocalTenant, 'domain' | 'clientID' | 'clientSecret'>;
  /** The newest code of an address. */
  code: string;
  /** Does nothing at all for so many milliseconds, and tells when it went on. Meanwhile the kernel accepts connections. */
  stall: number;
}

const tenant = await startLocalTenant({ startLimit: Infinity });

answerQuestions<TenantQuestions>({
  credentials() {
    const { domain, clientID, clientSecret } = tenant;
    return { domain, clientID, clientSecret };
  },
  code: (address) => tenant.inbox.latest(address)?.code ?? '',
  stall(milliseconds) {
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, Number(milliseconds));
    return Date.now();
  },
});
