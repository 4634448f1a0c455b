import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { join } from 'node:path';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { version } from '../../lib/version.js';
import { createProject, type Project } from './packed.js';

describe('the packed package', () => {
  let project: Project;
  const read = (file: string) => readFileSync(join(project.package, file), 'utf8');
  const manifest = () =>
    JSON.parse(read('package.json')) as { version: string; dependencies: Record<string, string>; scripts: object };

  beforeAll(() => {
    project = createProject();
    project.unpack();
  });

  afterAll(() => {
    project.remove();
  });

  test('holds these files and no others', () => {
    const pages = readdirSync(new URL('../../docs/', import.meta.url)).sort();
    const files = execFileSync('tar', ['-tzf', project.tarball], { encoding: 'utf8' }).trim().split('\n').sort();
    expect(files).toEqual(
      [
        'CHANGELOG.md',
        'LICENSE',
        'README.md',
        'SECURITY.md',
        'dist/index.cjs',
        'dist/index.d.cts',
        'dist/index.d.ts',
        'dist/index.js',
        'dist/jose.cjs',
        'dist/rolldown-runtime.cjs',
        'dist/testing/index.cjs',
        'dist/testing/index.d.cts',
        'dist/testing/index.d.ts',
        'dist/testing/index.js',
        ...pages.map((page) => `docs/${page}`),
        'package.json',
      ].map((file) => `package/${file}`),
    );
  });

  test('depends on undici, jose and passport-strategy at run time, and on nothing else', () => {
    expect(Object.keys(manifest().dependencies).sort()).toEqual(['jose', 'passport-strategy', 'undici']);
  });

  test('runs no script when it is installed', () => {
    const atInstall = Object.keys(manifest().scripts).filter((name) => /install|prepare/.test(name));
    expect(atInstall).toEqual([]);
  });

  test('names its own version to Auth0', () => {
    expect(version).toBe(manifest().version);
  });

  test.each([
    ['dist/index.cjs', 'undici', 'passport-strategy'],
    ['dist/testing/index.cjs'],
    ['dist/jose.cjs'],
    ['dist/rolldown-runtime.cjs'],
  ])('%s requires nothing that Jest cannot load', (file, ...allowed) => {
    const required = [...read(file).matchAll(/\brequire\("([^"]+)"\)/g)].map(([, id = '']) => id);
    const foreign = required.filter((id) => !/^(node:|\.\.?\/)/.test(id) && !builtinModules.includes(id));
    expect(foreign.sort()).toEqual(allowed.sort());
    expect(read(file)).not.toMatch(/\bimport\(/);
  });

  test('carries the licence of the library that it has inside, and no source of another', () => {
    const license = readFileSync(new URL('../../node_modules/jose/LICENSE.md', import.meta.url), 'utf8');
    expect(read('dist/jose.cjs')).toContain(license.trim());
    for (const file of ['dist/index.js', 'dist/testing/index.js', 'dist/index.cjs', 'dist/testing/index.cjs']) {
      expect(read(file), file).not.toMatch(/#region node_modules/);
    }
    const inside = [...read('dist/jose.cjs').matchAll(/#region node_modules\/([^/]+)/g)].map(([, name]) => name);
    expect(new Set(inside)).toEqual(new Set(['jose']));
  });

  test('refers to no file that it does not hold', () => {
    for (const file of ['dist/index.js', 'dist/index.cjs', 'dist/index.d.ts', 'dist/index.d.cts']) {
      expect(read(file), file).not.toContain('sourceMappingURL');
    }
  });

  test('is well-formed for every module system, as publint sees it', async () => {
    const { messages, pkg } = await publint({ pkgDir: project.package, pack: false, strict: true });
    expect(messages.map((message) => formatMessage(message, pkg))).toEqual([]);
  });
});
