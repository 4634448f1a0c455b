/**
 * Installs what the tests in this folder need, and runs them. With `--if-possible`, as `npm run test:all` calls it, a machine
 * without a browser gets a message and no failure, unless BROWSER_TESTS=required.
 */
import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const { CHROMIUM_PATH, BROWSER_TESTS } = process.env;
const folder = fileURLToPath(new URL('.', import.meta.url));
const root = fileURLToPath(new URL('../..', import.meta.url));

const { glibcVersionRuntime } = (process.report.getReport() as { header: { glibcVersionRuntime?: string } }).header;
const isAvailable = process.platform === 'linux' && process.arch === 'x64' && glibcVersionRuntime !== undefined;

if (isAvailable || CHROMIUM_PATH) {
  await runTests(process.argv.slice(2).filter((argument) => argument !== '--if-possible'));
} else {
  console.error(
    'The browser tests were not run: set CHROMIUM_PATH to a Chromium, since npm has none for this machine.',
  );
  process.exitCode = process.argv.includes('--if-possible') && BROWSER_TESTS !== 'required' ? 0 : 1;
}

async function runTests(filters: string[]): Promise<void> {
  install();
  if (!CHROMIUM_PATH) await (await import('./chromium.js')).unpack();
  run('npx', ['tsc', '--project', folder], root);
  run('npx', ['vitest', 'run', '--config', 'test/browser/vitest.config.ts', ...filters], root);
}

/** Installs from another lock file, because the browser is larger than all development dependencies. */
function install(): void {
  const lock = `${folder}package-lock.json`;
  const installed = `${folder}node_modules/.installed-lock.json`;
  if (existsSync(installed) && readFileSync(installed).equals(readFileSync(lock))) return;
  run('npm', ['ci', '--no-fund', '--no-audit'], folder);
  copyFileSync(lock, installed);
}

function run(command: string, commandArguments: string[], cwd: string): void {
  // On Windows, only a shell can start these commands, which are scripts there.
  const { status } = spawnSync(command, commandArguments, {
    cwd,
    stdio: 'inherit',
    shell: process.platform === 'win32',
  });
  if (status !== 0) process.exit(status ?? 1);
}
