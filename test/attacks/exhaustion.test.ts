// SECURITY.md: a request, or a login that nobody finishes, holds the process up or fills its memory.
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { setFlagsFromString } from 'node:v8';
import { createContext, runInContext } from 'node:vm';
import ts from 'typescript';
import { expect, test } from 'vitest';
import { hostileAuth0 } from '../support/hostile-auth0.js';
import { ADDRESS, authenticate, CODE, createStrategy, pendingSession, post, start } from '../support/strategy.js';
import { settled } from '../support/errors.js';

const lib = fileURLToPath(new URL('../../lib/', import.meta.url));

/** Every pattern that is written in lib/, as TypeScript reads it. */
function patterns(): [where: string, pattern: string][] {
  const files = readdirSync(lib, { recursive: true, encoding: 'utf8' }).filter(
    (file) => file.endsWith('.ts') && !file.startsWith('testing'),
  );
  return files.flatMap((file) => {
    const source = ts.createSourceFile(file, readFileSync(lib + file, 'utf8'), ts.ScriptTarget.Latest, true);
    const found: [string, string][] = [];
    const visit = (node: ts.Node): void => {
      if (ts.isRegularExpressionLiteral(node)) found.push([file, node.text]);
      ts.forEachChild(node, visit);
    };
    visit(source);
    return found;
  });
}

const UNITS = ['a', '1', '.', ' ', '-', '@', ':', ',', 'a.', 'a@a.', '1.', '::ffff:1', 'a '];

/** Long repetitions of whatever the pattern may repeat, alone and alternating, that end in something it rejects. */
function hostile(pattern: string): string[] {
  // A pattern in linear time takes milliseconds; the square of this length takes more than the limit below.
  const LENGTH = 2 ** 17;
  const words = (pattern.match(/[a-z_]{4,}/gi) ?? []).slice(0, 4);
  return [...UNITS, ...words, ...words.map((word) => `${word} `)].flatMap((unit) => {
    const long = unit.repeat(LENGTH / unit.length);
    // The endings fit into no word, address or number, so that the pattern backtracks as far as it can.
    return [long, `+${long}`, `a@${long}`].flatMap((text) => [`${text}\u0000`, `${text} @`]);
  });
}

test.each(patterns())('%s: %s takes linear time, whatever its input', (_file, pattern) => {
  // Only a context of its own can be stopped while a pattern runs.
  const context = createContext({ texts: hostile(pattern) });
  runInContext(`for (const text of texts) text.replace(${pattern}, '')`, context, { timeout: 10_000 });
});

test('the patterns of lib/ are found', () => {
  expect(patterns().length).toBeGreaterThan(20);
});

const MEGABYTE = 'a'.repeat(2 ** 20);

test.each([
  ['as an address', { email: `${MEGABYTE}@example.com` }, start, 'invalid_email'],
  ['as labels of a domain', { email: `a@${'a.'.repeat(2 ** 19)}` }, start, 'invalid_email'],
  ['as a number', { phone_number: `+${'1'.repeat(2 ** 20)}` }, start, 'invalid_phone_number'],
  ['as punctuation of a number', { phone_number: `+1${'-'.repeat(2 ** 20)}` }, start, 'invalid_phone_number'],
  ['as a code', { otp: MEGABYTE }, {}, 'code_missing'],
  ['as blanks in a code', { otp: ' '.repeat(2 ** 20) }, {}, 'code_missing'],
])('refuses a megabyte %s, without a call to Auth0', async (_what, body, options, code) => {
  const dispatcher = hostileAuth0();
  const strategy = createStrategy({ dispatcher });
  const session = await pendingSession(strategy);
  expect(await authenticate(strategy, post(body, session), options)).toMatchObject([['fail', { code }, 400]]);
  expect(dispatcher.paths()).toEqual(['/passwordless/start']);
});

test('refuses a megabyte as the transaction in the session', async () => {
  const session = { 'auth0-passwordless:acme.eu.auth0.com': '.'.repeat(2 ** 20) };
  expect(await authenticate(createStrategy(), post(CODE, session))).toMatchObject([
    ['fail', { code: 'transaction_invalid' }, 403],
  ]);
});

test('a login that nobody finishes leaves no request or response in memory', async () => {
  setFlagsFromString('--expose-gc');
  const collect = runInContext('gc', createContext()) as () => void;
  const refused = {
    status: 403,
    body: { error: 'invalid_grant', error_description: 'Wrong email or verification code.' },
  };
  const dispatcher = hostileAuth0({ '/oauth/token': () => refused });
  const strategy = createStrategy({ dispatcher });

  const left: WeakRef<object>[] = [];
  for (let login = 0; login < 100; login += 1) {
    const session = {};
    await authenticate(strategy, post(ADDRESS, session), start);
    const req = post(CODE, session);
    const [[, info] = []] = await authenticate(strategy, req);
    left.push(new WeakRef(session), new WeakRef(req), new WeakRef(info as object));
  }
  await settled();
  collect();
  await settled();
  collect();
  // The newest may still be on the stack of the machine.
  expect(left.filter((each) => each.deref() !== undefined).length).toBeLessThanOrEqual(3);
  expect(strategy.name).toBe('auth0-passwordless');
});

test('a wrong code leaves no shared exchange behind: repeated, it is sent to Auth0 each time', async () => {
  const dispatcher = hostileAuth0({ '/oauth/token': () => ({ status: 403, body: { error: 'invalid_grant' } }) });
  const strategy = createStrategy({ dispatcher });
  const session = await pendingSession(strategy);
  for (let time = 0; time < 3; time += 1) await authenticate(strategy, post(CODE, session));
  expect(dispatcher.paths().filter((path) => path === '/oauth/token')).toHaveLength(3);
});
