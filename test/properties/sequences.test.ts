import fc from 'fast-check';
import { expect, test } from 'vitest';
import { PasswordlessStrategy } from '../../lib/strategy.js';
import { isPasswordlessError } from '../../lib/errors.js';
import { type Action, authenticate } from '../support/strategy.js';
import { Browser } from './browser.js';
import { bodyOf, CLIENT, hostileAuth0, type Sent } from '../support/hostile-auth0.js';
import { CODE, createTenant, type Fault, FAULTS } from './tenant.js';
import { expectNamedInTheDesign, validSubject } from './wire.js';

const ADDRESSES = ['ada@example.com', 'bob@example.com', 'eve@example.com'];
const to = fc.constantFrom(...ADDRESSES);

/** A code is the newest that was sent to `of`; a callback's state is the n-th that was issued to anybody. */
const act = fc.oneof(
  fc.record({ does: fc.constant('start'), to, send: fc.constantFrom('code', 'link') }),
  fc.record({ does: fc.constant('resend') }),
  fc.record({ does: fc.constant('code'), of: to, stage: fc.constantFrom(undefined, 'code', 'mfa') }),
  fc.record({ does: fc.constant('code'), of: fc.constant('nobody') }),
  fc.record({ does: fc.constant('callback'), state: fc.nat(5), says: fc.constantFrom('code', 'code', 'error') }),
  fc.record({ does: fc.constantFrom('list', 'challenge', 'enroll') }),
  fc.record({
    does: fc.constant('factor'),
    field: fc.constantFrom('otp', 'recovery_code'),
    value: fc.constantFrom('123456', '000000', ''),
  }),
);
type Act = Partial<Record<'to' | 'send' | 'of' | 'stage' | 'says' | 'field' | 'value', string>> & {
  does: string;
  state?: number;
};
interface Step {
  browser: number;
  act: Act;
  fault: Fault;
}
const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.record({ browser: fc.nat(1), act, fault: fc.constantFrom(...FAULTS) }) as fc.Arbitrary<Step>,
  { minLength: 1, maxLength: 24 },
);

const [ada = '', bob = ''] = ADDRESSES;
const start = (send: string, by = 0): Step => ({ browser: by, act: { does: 'start', to: ada, send }, fault: 'none' });
const code = (fault: Fault = 'none', by = 0): Step => ({ browser: by, act: { does: 'code', of: ada }, fault });
const does = (what: string, more: object = {}): Step => ({ browser: 0, act: { does: what, ...more }, fault: 'none' });
const callback = (by = 0): Step => ({ browser: by, act: { does: 'callback', state: 0, says: 'code' }, fault: 'none' });
const factor = does('factor', { field: 'otp', value: '123456' });

/** Every way to sign in, and to steal a login, whatever chance generates. */
const EXAMPLES: [Step[]][] = [
  [[start('code'), code(), code()]],
  [[start('link'), callback(), callback()]],
  [[start('link'), start('link', 1), callback(1), callback()]],
  [[start('code'), { ...start('code', 1), act: { does: 'start', to: bob, send: 'code' } }, code('none', 1), code()]],
  [[start('code'), code('mfa'), does('list'), does('challenge', {}), factor, factor]],
  [[start('code'), code('mfa'), does('resend'), factor]],
  [[start('link'), code('forged'), callback()]],
];

function setUp() {
  const tenant = createTenant();
  const auth0 = hostileAuth0(tenant.answer);
  const callbackURL = 'https://app.example.com/callback';
  const strategy = new PasswordlessStrategy(
    { ...CLIENT, callbackURL, idTokenSigningAlg: 'HS256', resendCooldown: 0, dispatcher: auth0 },
    (_tokens, profile) => Promise.resolve(profile.id),
  );
  const states = () => auth0.sent.flatMap((sent) => stateOf(sent) ?? []);

  /** Takes one step. Returns what Passport was told, or undefined for the calls that bypass Passport. */
  async function take(browser: Browser, { does, ...act }: Act): Promise<Action[] | undefined> {
    const post = (body: object) => browser.request({ body });
    switch (does) {
      case 'start': {
        browser.addresses.add(act.to ?? '');
        return authenticate(strategy, post({ email: act.to }), { action: 'start', send: act.send as 'code' });
      }
      case 'resend':
        return authenticate(strategy, post({}), { action: 'resend' });
      case 'code':
        // An attacker put the address into the form.
        return authenticate(
          strategy,
          post({ otp: tenant.codes.get(act.of ?? '') ?? '000000', email: 'mallory@example.com' }),
          act.stage ? { stage: act.stage as 'code' } : {},
        );
      case 'callback': {
        const state = states()[act.state ?? 0] ?? 'forged';
        const query = act.says === 'error' ? { state, error: 'access_denied' } : { state, code: `of-${state}` };
        return authenticate(strategy, browser.request({ method: 'GET', query }));
      }
      case 'factor':
        return authenticate(strategy, post({ [act.field ?? '']: act.value }), { stage: 'mfa' });
    }
    const req = post({});
    const call = {
      list: () => strategy.mfa.list(req),
      challenge: () => strategy.mfa.challenge(req, { authenticatorId: 'sms|1' }),
      enroll: () => strategy.mfa.enroll(req, { type: 'otp' }),
    }[does];
    await call?.().catch((error: unknown) => {
      expect(isPasswordlessError(error)).toBe(true);
    });
    return undefined;
  }

  return { tenant, auth0, strategy, states, take };
}

function stateOf(sent: Sent): string | undefined {
  return (bodyOf(sent).authParams as { state?: string } | undefined)?.state;
}

/** Fails unless a request to Auth0 belongs to a login of this browser. */
function expectItsOwn(sent: Sent, browser: Browser): void {
  expectNamedInTheDesign(sent);
  const { username, email, mfa_token, code } = bodyOf(sent) as Record<string, string | undefined>;
  const token = mfa_token ?? sent.headers.authorization?.replace('Bearer ', '');
  for (const address of [username, email]) if (address) expect(browser.addresses).toContain(address);
  if (token) expect(browser.mfaTokens).toContain(token);
  // A state is valid for one exchange, in the browser that it was made for.
  if (code) expect(browser.states.delete(code.replace('of-', ''))).toBe(true);
}

test('in any sequence of steps of two browsers, each signs in only the users that it requested a code or link for', async () => {
  const seen = new Set<string>();
  await fc.assert(
    fc.asyncProperty(steps, async (taken) => {
      const { tenant, auth0, strategy, take } = setUp();
      const browsers = [new Browser(), new Browser()];
      for (const { browser: number, act, fault } of taken) {
        const browser = browsers[number] ?? new Browser();
        const [before, session] = [auth0.sent.length, browser.session];
        const nonceOf = new Map([...tenant.links].map(([state, { nonce }]) => [state, nonce]));
        const ownStates = new Map(browser.states);
        tenant.fault = fault;
        const actions = await take(browser, act);

        const sent = auth0.sent.slice(before);
        for (const each of sent) {
          const state = stateOf(each);
          if (state) browser.states.set(state, String(bodyOf(each).email));
          expectItsOwn(each, browser);
        }
        const said = auth0.responses.at(-1);
        // To the code of a link, Auth0 has no second factor to ask for.
        const mfaToken =
          sent.length > 0 && act.does !== 'callback' ? /mfatoken\d+x/.exec(JSON.stringify(said))?.[0] : undefined;
        if (mfaToken) {
          browser.mfaTokens.add(mfaToken);
          expect(browser.session, 'the session has a new id').not.toBe(session);
        }
        const sessions = JSON.stringify(browsers.map((each) => each.session));
        for (const secret of ['example.com', 'mfatoken', CODE]) expect(sessions).not.toContain(secret);

        if (!actions) continue;
        expect(actions).toHaveLength(1);
        const [[name, user] = ['none']] = actions;
        seen.add(`${act.does} ${name}`);
        if (name !== 'success') continue;
        const used = [...ownStates.keys()].find((state) => !browser.states.has(state));
        expect(user).toBe(validSubject(said, act.does === 'callback' ? nonceOf.get(used ?? '') : undefined));
        expect(browser.addresses).toContain(user);
        if (act.does === 'callback') expect(user).toBe(ownStates.get(used ?? ''));
        else expect([undefined, 'link']).toContain((await strategy.pending(browser.request({})))?.stage);
      }
    }),
    { numRuns: 600, timeout: 20_000, examples: EXAMPLES },
  );
  // The property would also hold for a strategy that signs nobody in.
  expect([...seen]).toEqual(expect.arrayContaining(['code success', 'callback success', 'factor success']));
});
