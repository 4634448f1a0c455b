import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { extract } from '../docs/examples.js';
import { root } from '../docs/pages.js';
import { launchOptions } from './chromium.js';

const modules = fileURLToPath(new URL('node_modules', import.meta.url));
const { folder } = extract('docs/testing.md', 'test/browser');

test('the example of docs/testing.md for Playwright compiles and signs in', () => {
  const config = { extends: '../tsconfig.json', include: ['login.spec.ts', '../../../lib/*.d.ts'] };
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(config));
  const compiled = run(join(root, 'node_modules/typescript/bin/tsc'), '--project', folder);
  expect(compiled).toEqual({ status: 0, output: '' });

  const options = {
    testMatch: 'login.spec.ts',
    outputDir: 'test-results',
    reporter: 'line',
    use: { launchOptions: launchOptions() },
  };
  writeFileSync(join(folder, 'playwright.config.js'), `export default ${JSON.stringify(options)};`);
  const { status, output } = run(join(modules, '@playwright/test/cli.js'), 'test', '--config', folder);
  expect(status, output).toBe(0);
  expect(output).toContain('1 passed');
}, 120_000);

function run(...command: string[]): { status: number | null; output: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, command, { cwd: folder, encoding: 'utf8' });
  return { status, output: stdout + stderr };
}
