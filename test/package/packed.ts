import { execFileSync } from 'node:child_process';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../../', import.meta.url));
const name = 'passport-auth0-passwordless';

/** What comes with the package, and Passport with what comes with that. */
export const dependencies = ['jose', 'passport-strategy', 'undici'];
export const passport = ['passport', 'pause', 'utils-merge'];

/** A project with the files of `consumer/`, far from this checkout and its node_modules, and the tarball of what `npm run build` has built. */
export interface Project {
  directory: string;
  tarball: string;
  /** The folder that the package is put in. */
  package: string;
  /** Puts the package alone there, without what it depends on. */
  unpack(): void;
  /** Has npm install it, beside Passport. */
  install(): void;
  /** Puts packages of the checkout beside ours. */
  link(...packages: string[]): void;
  /** The size in kB of every package that npm has installed. */
  installed(): Record<string, number>;
  remove(): void;
}

export function createProject(directory = mkdtempSync(join(tmpdir(), 'packed-'))): Project {
  const modules = join(directory, 'node_modules');
  const unpacked = join(modules, name);
  cpSync(join(root, 'test/package/consumer'), directory, { recursive: true });
  const pack = ['pack', '--ignore-scripts', '--silent', '--pack-destination', directory];
  const tarball = join(directory, execFileSync('npm', pack, { cwd: root, encoding: 'utf8' }).trim());

  return {
    directory,
    tarball,
    package: unpacked,
    unpack() {
      mkdirSync(unpacked, { recursive: true });
      execFileSync('tar', ['-xzf', tarball, '-C', unpacked, '--strip-components=1']);
    },
    install() {
      writeFileSync(join(directory, 'package.json'), '{}');
      // Offline, from the checkout's own copies: what is not among them cannot be installed.
      const options = ['--offline', '--ignore-scripts', '--no-save', '--no-fund', '--no-audit', '--loglevel=error'];
      const others = [...dependencies, ...passport].map((other) => {
        const file = join(directory, `${other}.tgz`);
        execFileSync('tar', ['-czf', file, '-C', join(root, 'node_modules'), other]);
        return file;
      });
      execFileSync('npm', ['install', ...options, tarball, ...others], { cwd: directory });
    },
    link(...packages) {
      for (const other of packages) {
        mkdirSync(join(modules, other, '..'), { recursive: true });
        symlinkSync(join(root, 'node_modules', other), join(modules, other));
      }
    },
    installed() {
      const lock = JSON.parse(readFileSync(join(modules, '.package-lock.json'), 'utf8')) as { packages: object };
      const sizes = Object.keys(lock.packages).map((path) => [
        path.replace('node_modules/', ''),
        Math.ceil(bytes(join(directory, path)) / 1000),
      ]);
      return Object.fromEntries(sizes) as Record<string, number>;
    },
    remove() {
      rmSync(directory, { recursive: true });
    },
  };
}

function bytes(folder: string): number {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((path) => statSync(join(folder, path)))
    .reduce((sum, entry) => sum + (entry.isFile() ? entry.size : 0), 0);
}
