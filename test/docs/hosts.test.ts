import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { shortName } from '../hosts/matrix.js';

const root = fileURLToPath(new URL('../../', import.meta.url));
const page = readFileSync(join(root, 'docs/hosts.md'), 'utf8');
const recipes = join(root, 'test/hosts/recipes');

test('docs/hosts.md prints every recipe as the hosts are tested with it', () => {
  const blocks = [...page.matchAll(/^```ts (\S+)\n(.*?)^```$/gms)].map(([, name = '', code = '']) => [name, code]);
  const files = readdirSync(recipes).map((name) => [name, readFileSync(join(recipes, name), 'utf8')]);
  expect(Object.fromEntries(blocks)).toEqual(Object.fromEntries(files));
});

test('the test matrix of docs/hosts.md names the scenarios that run on each host', () => {
  const vitest = join(root, 'node_modules/vitest/vitest.mjs');
  const listed = execFileSync(process.execPath, [vitest, 'list', 'test/hosts', '--json'], {
    cwd: root,
    encoding: 'utf8',
  });
  const tests = (JSON.parse(listed) as { name: string }[]).map(({ name }) => name.split(' > '));
  const scenarioTests = tests.filter(([, scenario, title]) => scenario && title);
  const hosts = new Map(scenarioTests.map(([host = '']) => [host, shortName(host)]));
  const scenarios = new Set(scenarioTests.map(([, scenario = '']) => scenario));
  const cell = (host: string, scenario: string) => {
    const titles = scenarioTests.filter((path) => path[0] === host && path[1] === scenario).map((path) => path.at(-1));
    if (titles.length === 0) return '–';
    return titles.some((title) => title?.includes('do not fit into a cookie')) ? 'error' : '✓';
  };
  const table = page
    .split('## Test matrix')[1]
    ?.split('\n')
    .filter((line) => line.startsWith('|') && !/^\|[\s|-]+$/.test(line))
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((text) => text.trim()),
    );
  expect(table).toEqual([
    ['Scenario', ...hosts.values()],
    ...[...scenarios].map((scenario) => [scenario, ...[...hosts.keys()].map((host) => cell(host, scenario))]),
  ]);
});
