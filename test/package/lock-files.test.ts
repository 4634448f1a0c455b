import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

interface Package {
  version?: string;
  dependencies?: Record<string, string>;
  devDependencies?: Record<string, string>;
  integrity?: string;
}

const inRoot = (file: string) => new URL(`../../${file}`, import.meta.url);
const read = (file: string): unknown => JSON.parse(readFileSync(inRoot(file), 'utf8'));

const within = (folder: string) =>
  readdirSync(inRoot(folder), { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && entry.name !== 'node_modules' && !entry.name.startsWith('.'))
    .map(({ name }) => `${folder}${name}/`);

/** The root, and what has dependencies of its own in test/ or in a folder of it. */
const FOLDERS = ['', ...within('test/').flatMap((folder) => [folder, ...within(folder)])].filter((folder) =>
  existsSync(inRoot(`${folder}package.json`)),
);

/** What a lock file repeats of its package.json. */
const named = ({ version, dependencies, devDependencies }: Package) => ({ version, dependencies, devDependencies });

test.each(FOLDERS)('%spackage-lock.json has what its package.json names, and a hash of every package', (folder) => {
  const { packages } = read(`${folder}package-lock.json`) as { packages: Record<string, Package> };
  const { '': itself = {}, ...others } = packages;
  expect(named(itself)).toEqual(named(read(`${folder}package.json`) as Package));
  expect(Object.keys(others).filter((path) => !others[path]?.integrity)).toEqual([]);
});
