import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { FAILURES, PasswordlessError, type ErrorCode } from '../../lib/errors.js';
import { mfaMiddleware } from '../../lib/mfa/middleware.js';
import { FIXED } from '../../lib/testing/options.js';
import { cellsOf, names, read, root, tableUnder } from './pages.js';
import { exportsOf, keysOf, type Member, membersOf } from './source.js';

// What the code has and the documentation has not, or the other way round, fails here.

const name = ({ name }: Member) => name;

describe('docs/options.md', () => {
  const strategy = membersOf('lib/options.ts', 'StrategyOptions');
  const table = tableUnder('docs/options.md', 'The strategy');

  test('has every option of the strategy, and no other', () => {
    expect(table.map(([option = '']) => names(option)).flat()).toEqual(strategy.map(name));
  });

  test('gives the options the defaults that their doc comments give', () => {
    expect(table.map(([option, , value]) => [option, value])).toEqual(
      strategy.map((option) => [`\`${option.name}\``, defaultOf(option)]),
    );
  });

  test('has every option of a route, and no other', () => {
    const options = membersOf('lib/authenticate-options.ts', 'AuthenticateOptions').map(name);
    // Passport's own come last, and are documented by Passport.
    const own = options.slice(0, options.indexOf('assignProperty'));
    const documented = tableUnder('docs/options.md', 'Routes').flatMap(([option = '']) => names(option));
    expect(documented.sort()).toEqual(own.sort());
  });

  test('has everything that the strategy offers', () => {
    const offered = [
      ...membersOf('lib/strategy.ts', 'PasswordlessStrategy').map((member) => `strategy.${member.name}`),
      ...membersOf('lib/auth0/client.ts', 'Auth0Client').map((member) => `strategy.auth0.${member.name}`),
    ];
    const documented = cellsOf('docs/options.md', 'What the strategy offers').map((cell) => cell.replace(/\(.*\)/, ''));
    expect([...documented, 'strategy.auth0'].sort()).toEqual(offered.sort());
  });

  test('has everything that the package exports, and nothing else', () => {
    const documented = cellsOf('docs/options.md', 'What the package exports');
    expect(documented.sort()).toEqual(exportsOf('lib/index.ts').sort());
  });
});

describe('docs/outcomes.md', () => {
  test('has every failure with its status and its message, and no other', () => {
    const rows = tableUnder('docs/outcomes.md', 'Failures').map((cells) => cells.slice(0, 3));
    expect(rows).toEqual(
      Object.entries(FAILURES).map(([code, [status, message]]) => [`\`${code}\``, String(status), message]),
    );
  });

  test('has every error with its status, and no other', () => {
    const rows = tableUnder('docs/outcomes.md', 'Errors').map((cells) => cells.slice(0, 2));
    const errors = keysOf('lib/errors.ts', 'ERRORS') as ErrorCode[];
    expect(rows).toEqual(errors.map((code) => [`\`${code}\``, String(new PasswordlessError(code).status)]));
  });

  test('has every member of authInfo, and no other', () => {
    expect(cellsOf('docs/outcomes.md', 'Signed in')).toEqual(membersOf('lib/outcome.ts', 'AuthInfo').map(name));
  });
});

describe('docs/mfa.md', () => {
  test('has every call for a second factor', () => {
    const documented = cellsOf('docs/mfa.md', 'List, challenge, enrol').map((cell) => cell.replace(/\(.*\)/, ''));
    const calls = membersOf('lib/mfa/session.ts', 'MfaSession').map((call) => `strategy.mfa.${call.name}`);
    const middleware = Object.keys(mfaMiddleware({ mfa: {} as never })).map((call) => `mfa.${call}`);
    expect(documented.filter((call) => call.includes('mfa.')).sort()).toEqual([...calls, ...middleware].sort());
  });
});

describe('SECURITY.md', () => {
  test('names tests that there are', () => {
    const cells = tableUnder('SECURITY.md', 'What this package defends').flatMap((row) => names(row[2] ?? ''));
    expect(cells.length).toBeGreaterThan(15);
    for (const cell of cells) {
      const path = cell.startsWith('test/') ? cell : `test/attacks/${cell}`;
      expect(existsSync(join(root, path.endsWith('/') ? path : `${path}.test.ts`)), cell).toBe(true);
    }
  });
});

describe('CONTRIBUTING.md', () => {
  const page = read('CONTRIBUTING.md');

  test('has every script that a person calls', () => {
    const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
    const called = Object.keys(scripts).filter((script) => !/^(pre|post)/.test(script));
    const missing = called.filter((script) => !new RegExp(`npm (run )?${script}\\b(?!:)`).test(page));
    expect(missing).toEqual([]);
  });

  test('has every folder of tests', () => {
    const folders = readdirSync(join(root, 'test'), { withFileTypes: true }).filter((each) => each.isDirectory());
    expect(folders.map((folder) => `test/${folder.name}/`).filter((path) => !page.includes(`\`${path}\``))).toEqual([]);
  });
});

describe('docs/testing.md', () => {
  test('has every option of the local tenant, and no other', () => {
    const options = membersOf('lib/testing/options.ts', 'LocalTenantOptions').map(name);
    expect(cellsOf('docs/testing.md', 'Options').sort()).toEqual(options.sort());
  });

  test('says which options cannot be changed while the tenant runs', () => {
    const fixed = cellsOf('docs/testing.md', 'Options').slice(0, FIXED.length);
    expect(fixed.sort()).toEqual([...FIXED].sort());
    expect(read('docs/testing.md')).toContain('all but the first eight');
  });

  test('names everything that is exported', () => {
    expect(names(read('docs/testing.md').replace(/^```.*?^```$/gms, ''))).toEqual(
      expect.arrayContaining(exportsOf('lib/testing/index.ts')),
    );
  });

  test('has everything that the tenant offers, and nothing else', () => {
    const documented = cellsOf('docs/testing.md', 'What the tenant offers').map((cell) => cell.replace(/\(.*\)/, ''));
    expect(documented.sort()).toEqual(membersOf('lib/testing/tenant.ts', 'LocalTenant').map(name).sort());
  });

  test.each([
    ['users', 'lib/testing/users.ts', 'User'],
    ['clients', 'lib/testing/clients.ts', 'Client'],
    ['connections', 'lib/testing/options.ts', 'Connection'],
  ])('has every member of %s', (option, file, type) => {
    const [, , meaning = ''] =
      tableUnder('docs/testing.md', 'Options').find(([cell]) => cell === `\`${option}\``) ?? [];
    const [, members = ''] = /`\{ (.*?) \}`/.exec(meaning) ?? [];
    const documented = [...members.matchAll(/(\w+)\??(?=[,:]|$)/g)].map(([, member]) => member);
    expect(documented).toEqual(membersOf(file, type).map(name));
  });
});

describe('docs/troubleshooting.md', () => {
  const page = read('docs/troubleshooting.md');

  test('lists every section at its top', () => {
    const sections = [...page.matchAll(/^### (.*)$/gm)].map(([, title]) => title);
    const listed = [...page.matchAll(/^- \[(.*?)\]\(#/gm)].map(([, title]) => title);
    expect(listed).toEqual(sections);
  });

  test('quotes messages that there are', () => {
    const quotes = [...page.matchAll(/^> (.*)$/gm)].map(([, quote]) => quote);
    expect(quotes.length).toBeGreaterThan(10);
    const sources = [
      'errors',
      'request',
      'cross-site',
      'flows/link',
      'auth0/errors',
      'auth0/mfa',
      'auth0/otp-challenge',
      'transaction/session-store',
    ];
    const messages = sources.map((file) => read(`lib/${file}.ts`)).join('\n');
    for (const quote of quotes) expect(messages).toContain(quote);
  });

  test('gives the codes the statuses that they have', () => {
    const given = [...page.matchAll(/`([a-z]\w+)` \((\d{3})\)/g)].map(([, code = '', status]) => [code, status]);
    expect(given.length).toBeGreaterThan(10);
    for (const [code, status] of given) {
      expect([code, String(new PasswordlessError(code as ErrorCode).status)]).toEqual([code, status]);
    }
  });
});

/** What a doc comment says of an option's default, in the table's words. */
function defaultOf({ isOptional, doc }: Member): string {
  if (!isOptional) return 'required';
  const [, text] = /Default: (.*?)(?:\.(?: |$)|, and )/.exec(doc) ?? [];
  return text ?? 'none';
}
