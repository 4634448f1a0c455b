import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../', import.meta.url));
const name = 'passport-auth0-passwordless';

/** A project that has nothing but the packed package, as npm would install it, and the files of `consumer/`. */
export interface Project {
  directory: string;
  /** The tarball, and the folder it is unpacked to. */
  tarball: string;
  package: string;
  /** Puts packages of the checkout beside ours. */
  add(...packages: string[]): void;
  remove(): void;
}

/** Packs what `npm run build` has built, and unpacks it far from this checkout and its node_modules. */
export function createProject(): Project {
  const directory = mkdtempSync(join(tmpdir(), 'packed-'));
  const modules = join(directory, 'node_modules');
  const unpacked = join(modules, name);
  const pack = ['pack', '--ignore-scripts', '--silent', '--pack-destination', directory];
  const tarball = join(directory, execFileSync('npm', pack, { cwd: root, encoding: 'utf8' }).trim());
  mkdirSync(unpacked, { recursive: true });
  execFileSync('tar', ['-xzf', tarball, '-C', unpacked, '--strip-components=1']);
  cpSync(join(root, 'test/package/consumer'), directory, { recursive: true });

  return {
    directory,
    tarball,
    package: unpacked,
    add(...packages) {
      for (const other of packages) {
        mkdirSync(join(modules, other, '..'), { recursive: true });
        symlinkSync(join(root, 'node_modules', other), join(modules, other));
      }
    },
    remove() {
      rmSync(directory, { recursive: true });
    },
  };
}
