import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { mfaMiddleware, PasswordlessError } from 'passport-auth0-passwordless';
import { describe, expect, test } from 'vitest';
import { cellsOf, names, read, root, tableUnder } from './pages.js';
import { library, type Member, testing } from './source.js';

// Fails if the code has something that the documentation lacks, or the other way round.

/** The calls in the first cells under a heading, without their arguments. */
const callsOf = (page: string, heading: string) => cellsOf(page, heading).map((cell) => cell.replace(/\(.*\)/, ''));

const sorted = (list: string[]) => [...list].sort();

describe('docs/options.md', () => {
  test('lists every option of the strategy, with the default of its doc comment', () => {
    const table = tableUnder('docs/options.md', 'The strategy');
    expect(table.map(([option, , value]) => [option, value])).toEqual(
      library.membersOf('StrategyOptions').map((option) => [`\`${option.name}\``, defaultOf(option)]),
    );
  });

  test('lists every option of a route, and no other', () => {
    const options = library.namesOf('AuthenticateOptions');
    // Passport documents its own options, which come last.
    const own = options.slice(0, options.indexOf('assignProperty'));
    const documented = tableUnder('docs/options.md', 'Routes').flatMap(([option = '']) => names(option));
    expect(sorted(documented)).toEqual(sorted(own));
  });

  test('lists every member of the strategy, and no other', () => {
    const members = [
      ...library.namesOf('PasswordlessStrategy').map((member) => `strategy.${member}`),
      ...library.namesOf('Auth0Client').map((member) => `strategy.auth0.${member}`),
    ];
    const documented = callsOf('docs/options.md', 'What the strategy offers');
    expect(sorted([...documented, 'strategy.auth0'])).toEqual(sorted(members));
  });

  test('lists every export of the package, and no other', () => {
    expect(sorted(cellsOf('docs/options.md', 'What the package exports'))).toEqual(sorted(library.names));
  });
});

describe('docs/outcomes.md', () => {
  const failures = library.stringsOf('FailureCode') as PasswordlessError['code'][];
  const describeError = (code: PasswordlessError['code']) => {
    const { status, message } = new PasswordlessError(code);
    return [`\`${code}\``, String(status), message];
  };

  test('lists every failure with its status and its message, and no other', () => {
    expect(tableUnder('docs/outcomes.md', 'Failures').map((cells) => cells.slice(0, 3))).toEqual(
      failures.map(describeError),
    );
  });

  test('lists every error with its status, and no other', () => {
    const errors = library.stringsOf('ErrorCode') as typeof failures;
    expect(tableUnder('docs/outcomes.md', 'Errors').map((cells) => cells.slice(0, 2))).toEqual(
      errors.filter((code) => !failures.includes(code)).map((code) => describeError(code).slice(0, 2)),
    );
  });

  test('lists every member of authInfo, and no other', () => {
    expect(cellsOf('docs/outcomes.md', 'Signed in')).toEqual(library.namesOf('AuthInfo'));
  });
});

describe('docs/mfa.md', () => {
  test('lists every call for a second factor, and no other', () => {
    const documented = callsOf('docs/mfa.md', 'List, challenge, enrol').filter((call) => call.includes('mfa.'));
    const calls = library.namesOf('MfaSession').map((call) => `strategy.mfa.${call}`);
    const middleware = Object.keys(mfaMiddleware({ mfa: {} as never })).map((call) => `mfa.${call}`);
    expect(sorted(documented)).toEqual(sorted([...calls, ...middleware]));
  });
});

describe('docs/after-login.md', () => {
  test('lists every call to manage factors, and shows every call of strategy.auth0', () => {
    const table = callsOf('docs/after-login.md', 'Factors of a signed-in user');
    expect(table.filter((cell) => cell.startsWith('factors.'))).toEqual(
      library.namesOf('Factors').map((name) => `factors.${name}`),
    );
    for (const name of library.namesOf('Auth0Client')) expect(read('docs/after-login.md')).toMatch(`auth0.${name}(`);
  });
});

describe.each([
  ['Calls to Auth0', 'RequestMessage'],
  ['Outcomes', 'OutcomeMessage'],
])('docs/diagnostics.md, %s,', (heading, type) => {
  const table = tableUnder('docs/diagnostics.md', heading);

  test('lists every member of the message in order, and marks the optional ones', () => {
    const documented = table.map(([cell = '', what = '']) => ({ names: names(cell), isOptional: what.endsWith('?') }));
    expect(documented).toEqual(library.membersOf(type).map(({ name, isOptional }) => ({ names: [name], isOptional })));
  });

  test('gives a unit to every number', () => {
    for (const [member, what = '', unit] of table) {
      if (what.startsWith('number')) expect(unit, member).toMatch(/milliseconds|HTTP status/);
    }
  });
});

describe('SECURITY.md', () => {
  test('names tests that exist', () => {
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

  test('names every script that a person calls', () => {
    const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
    const called = Object.keys(scripts).filter((script) => !/^(pre|post)/.test(script));
    expect(called.filter((script) => !new RegExp(`npm (run )?${script}\\b(?!:)`).test(page))).toEqual([]);
  });

  test('names every folder of tests', () => {
    const folders = readdirSync(join(root, 'test'), { withFileTypes: true }).filter((each) => each.isDirectory());
    expect(folders.map((folder) => `test/${folder.name}/`).filter((path) => !page.includes(`\`${path}\``))).toEqual([]);
  });
});

describe('docs/testing.md', () => {
  const page = 'docs/testing.md';
  const documented = cellsOf(page, 'Options');
  const options = testing.namesOf('LocalTenantOptions');

  test('lists every option of the local tenant, and no other', () => {
    expect(sorted(documented)).toEqual(sorted(options));
  });

  test('lists first the options that cannot be changed while the tenant runs', () => {
    const live = testing.namesOf('LiveSettings');
    const fixed = options.filter((option) => !live.includes(option));
    expect(sorted(documented.slice(0, fixed.length))).toEqual(sorted(fixed));
    expect(fixed).toHaveLength(8);
    expect(read(page)).toContain('all but the first eight');
  });

  test('names every export', () => {
    expect(names(read(page).replace(/^```.*?^```$/gms, ''))).toEqual(expect.arrayContaining(testing.names));
  });

  test('lists every member of the tenant, and no other', () => {
    expect(sorted(callsOf(page, 'What the tenant offers'))).toEqual(sorted(testing.namesOf('LocalTenant')));
  });

  test.each([
    ['users', 'User'],
    ['clients', 'Client'],
    ['connections', 'Connection'],
  ])('lists every member of the option %s', (option, type) => {
    const [, , meaning = ''] = tableUnder(page, 'Options').find(([cell]) => cell === `\`${option}\``) ?? [];
    const [, members = ''] = /`\{ (.*?) \}`/.exec(meaning) ?? [];
    const documented = [...members.matchAll(/(\w+)\??(?=[,:]|$)/g)].map(([, member]) => member);
    expect(documented).toEqual(testing.namesOf(type));
  });
});

describe('docs/troubleshooting.md', () => {
  const page = read('docs/troubleshooting.md');

  test('lists every section at its top', () => {
    const sections = [...page.matchAll(/^### (.*)$/gm)].map(([, title]) => title);
    const listed = [...page.matchAll(/^- \[(.*?)\]\(#/gm)].map(([, title]) => title);
    expect(listed).toEqual(sections);
  });

  test('quotes messages that the package has', () => {
    const quotes = [...page.matchAll(/^> (.*)$/gm)].map(([, quote = '']) => quote);
    expect(quotes.length).toBeGreaterThan(10);
    const files = readdirSync(join(root, 'lib'), { recursive: true, encoding: 'utf8' });
    const sources = files.filter((file) => file.endsWith('.ts')).map((file) => read(`lib/${file}`));
    expect(quotes.filter((quote) => !sources.some((source) => source.includes(quote)))).toEqual([]);
  });

  test('gives each code its status', () => {
    const given = [...page.matchAll(/`([a-z]\w+)` \((\d{3})\)/g)].map(([, code = '', status]) => [code, status]);
    expect(given.length).toBeGreaterThan(10);
    const statusOf = (code: string) => String(new PasswordlessError(code as PasswordlessError['code']).status);
    expect(given).toEqual(given.map(([code = '']) => [code, statusOf(code)]));
  });
});

/** The default that a doc comment gives, in the words of the table. */
function defaultOf({ isOptional, doc }: Member): string {
  if (!isOptional) return 'required';
  const [, text] = /Default: (.*?)(?:\.(?: |$)|, and )/.exec(doc) ?? [];
  return text ?? 'none';
}
