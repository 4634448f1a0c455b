import type { LocalTenant, LocalTenantOptions } from 'passport-auth0-passwordless/testing';
import { passTime } from '../support/time.js';

// Signing keys and clocks during a login by code: the tests run this table, and docs/reliability.md shows it.

interface Situation {
  name: string;
  /** After an error the transaction is removed: Auth0 consumed the code. */
  outcome: 'works' | 'transport_error' | 'id_token_invalid';
  tenant?: LocalTenantOptions;
  /** Whether somebody has signed in before, so that keys are cached. */
  isWarm?: boolean;
  /** Before the user requests a code. */
  before?: (tenant: LocalTenant) => void;
  /** After the exchange of the code, just before the keys are fetched. */
  meanwhile?: (tenant: LocalTenant) => void;
}

const MINUTES = 60;

const rotateTwice = (tenant: LocalTenant) => {
  tenant.rotateKeys();
  tenant.rotateKeys();
};

const keysAreDown = (tenant: LocalTenant) => {
  tenant.fault({ path: '/.well-known/jwks.json', times: Infinity, respond: 'reset' });
};

const skew = (seconds: number) => (tenant: LocalTenant) => {
  tenant.clock.skew = seconds;
};

export const SITUATIONS: Situation[] = [
  { name: 'keys out of reach, none cached', before: keysAreDown, outcome: 'transport_error' },
  {
    name: 'keys out of reach, those cached past their ten minutes',
    isWarm: true,
    before: (tenant) => {
      passTime(11 * MINUTES);
      keysAreDown(tenant);
    },
    outcome: 'works',
  },
  {
    name: 'keys out of reach, a token signed with a key that is not cached',
    isWarm: true,
    before: (tenant) => {
      rotateTwice(tenant);
      keysAreDown(tenant);
    },
    outcome: 'transport_error',
  },
  {
    name: 'keys rotated since they were cached, to one not published then',
    isWarm: true,
    before: rotateTwice,
    outcome: 'works',
  },
  {
    name: 'keys rotated between exchange and fetch',
    meanwhile: (tenant) => {
      tenant.rotateKeys();
    },
    outcome: 'works',
  },
  {
    name: 'keys rotated twice between exchange and fetch: the one that signed is withdrawn',
    meanwhile: rotateTwice,
    outcome: 'id_token_invalid',
  },
  { name: "Auth0's clock 30 s ahead", before: skew(30), outcome: 'works' },
  { name: "Auth0's clock 30 s behind", before: skew(-30), outcome: 'works' },
  { name: "Auth0's clock 10 min ahead", before: skew(10 * MINUTES), outcome: 'id_token_invalid' },
  { name: "Auth0's clock 10 min behind, ID tokens of 10 h", before: skew(-10 * MINUTES), outcome: 'works' },
  {
    name: "Auth0's clock 10 min behind, ID tokens of 5 min",
    tenant: { idTokenTTL: 5 * MINUTES },
    before: skew(-10 * MINUTES),
    outcome: 'id_token_invalid',
  },
];
