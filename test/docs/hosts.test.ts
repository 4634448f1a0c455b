import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const root = fileURLToPath(new URL('../../', import.meta.url));
const page = readFileSync(join(root, 'docs/hosts.md'), 'utf8');
const recipes = join(root, 'test/hosts/recipes');

test('every recipe stands there as the hosts are tested with it', () => {
  const blocks = [...page.matchAll(/^```ts (\S+)\n(.*?)^```$/gms)].map(([, name = '', code = '']) => [name, code]);
  const files = readdirSync(recipes).map((name) => [name, readFileSync(join(recipes, name), 'utf8')]);
  expect(Object.fromEntries(blocks)).toEqual(Object.fromEntries(files));
});

test('every cell of the table is backed by tests of the scenario on the host', () => {
  const vitest = join(root, 'node_modules/vitest/vitest.mjs');
  const listed = execFileSync(process.execPath, [vitest, 'list', 'test/hosts', '--json'], {
    cwd: root,
    encoding: 'utf8',
  });
  const tests = (JSON.parse(listed) as { name: string }[]).map(({ name }) => name.split(' > '));
  const distinct = (column: number) => [
    ...new Set(tests.filter(({ length }) => length > 2).map((path) => path[column])),
  ];
  const scenarios = distinct(1);
  const cell = (host: string | undefined, scenario: string | undefined) => {
    const names = tests.filter((path) => path[0] === host && path[1] === scenario).map((path) => path.at(-1) ?? '');
    if (names.length === 0) return '–';
    return names.some((name) => name.includes('does not fit into a cookie')) ? 'error' : '✓';
  };
  const expected = [
    ['Host', ...scenarios],
    ...distinct(0)
      .sort()
      .map((host) => [host, ...scenarios.map((scenario) => cell(host, scenario))]),
  ];
  const rows = page.split('\n').filter((line) => line.startsWith('|') && !/^\|[\s|-]+$/.test(line));
  const table = rows.map((row) =>
    row
      .split('|')
      .slice(1, -1)
      .map((text) => text.trim()),
  );
  expect(table).toEqual(expected);
  // Another Vitest has to start first.
}, 120_000);
