import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

interface Package {
  version?: string;
  dependencies?: Record<string, string>;
  devDependencies?: Record<string, string>;
  integrity?: string;
}

const FOLDERS = ['', 'bench/peers', 'hosts/nest-12', 'mutation', 'package/nodes', 'package/tools', 'processes/app'];

const read = (file: string): unknown => JSON.parse(readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8'));

/** What a lock file repeats of its package.json. */
const named = ({ version, dependencies, devDependencies }: Package) => ({ version, dependencies, devDependencies });

test.each(FOLDERS.map((folder) => folder && `test/${folder}/`))(
  '%spackage-lock.json has what its package.json names, and a hash of every package',
  (folder) => {
    const { packages } = read(`${folder}package-lock.json`) as { packages: Record<string, Package> };
    const { '': itself = {}, ...others } = packages;
    expect(named(itself)).toEqual(named(read(`${folder}package.json`) as Package));
    expect(Object.keys(others).filter((path) => !others[path]?.integrity)).toEqual([]);
  },
);
