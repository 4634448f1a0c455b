import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { shortName } from '../hosts/matrix.js';
import { blocksOf, read, root, tableUnder } from './pages.js';

const page = 'docs/hosts.md';
const recipes = 'test/hosts/recipes';

test('docs/hosts.md prints every recipe as the hosts are tested with it', () => {
  const blocks = blocksOf(page).filter(({ language }) => language === 'ts');
  const files = readdirSync(join(root, recipes)).map((name) => [name, read(`${recipes}/${name}`)]);
  expect(Object.fromEntries(blocks.map(({ name, code }) => [name, code]))).toEqual(Object.fromEntries(files));
});

test('the test matrix of docs/hosts.md names the scenarios that run on each host', () => {
  const list = [join(root, 'node_modules/vitest/vitest.mjs'), 'list', 'test/hosts', '--json'];
  const listed = execFileSync(process.execPath, list, { cwd: root, encoding: 'utf8' });
  const tests = (JSON.parse(listed) as { name: string }[]).map(({ name }) => name.split(' > '));
  const scenarioTests = tests.filter(([, scenario, title]) => scenario && title);
  const hosts = [...new Set(scenarioTests.map(([host = '']) => host))];
  const scenarios = new Set(scenarioTests.map(([, scenario = '']) => scenario));
  const cell = (host: string, scenario: string) => {
    const titles = scenarioTests.filter((path) => path[0] === host && path[1] === scenario).map((path) => path.at(-1));
    if (titles.length === 0) return '–';
    return titles.some((title) => title?.includes('do not fit into a cookie')) ? 'error' : '✓';
  };
  expect(tableUnder(page, 'Test matrix')).toEqual(
    [...scenarios].map((scenario) => [scenario, ...hosts.map((host) => cell(host, scenario))]),
  );
  const [, head = ''] = /^\| Scenario +\|(.*)\|$/m.exec(read(page)) ?? [];
  expect(head.split('|').map((name) => name.trim())).toEqual(hosts.map(shortName));
});
