import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const folder = fileURLToPath(new URL('peers', import.meta.url));
const lock = `${folder}/package-lock.json`;
const installed = `${folder}/node_modules/.installed-lock.json`;

/** They have a lock file of their own, for no test wants them. */
export function installPeers(): void {
  if (existsSync(installed) && readFileSync(installed).equals(readFileSync(lock))) return;
  const { status } = spawnSync('npm', ['ci', '--no-fund', '--no-audit'], {
    cwd: folder,
    stdio: 'inherit',
    shell: process.platform === 'win32',
  });
  if (status !== 0) throw new Error('The peers cannot be installed.');
  copyFileSync(lock, installed);
}

/** Name and version of all that is measured. */
export function versions(): string {
  const names = [
    ...['undici', 'jose', 'passport'].map((name) => [name, '../../node_modules'] as const),
    ...Object.keys(dependenciesOf('peers/package.json')).map((name) => [name, 'peers/node_modules'] as const),
  ];
  return names.map(([name, where]) => `${name} ${read(`${where}/${name}/package.json`).version}`).join(', ');
}

const dependenciesOf = (file: string) => read(file).dependencies;

function read(file: string): { version: string; dependencies: object } {
  return JSON.parse(readFileSync(new URL(file, import.meta.url), 'utf8')) as { version: string; dependencies: object };
}
