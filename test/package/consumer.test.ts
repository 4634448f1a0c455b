import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createProject, type Project } from './packed.js';

const tsc = createRequire(import.meta.url).resolve('typescript/lib/tsc.js');

/** What the README documents. */
const documented = {
  library: [
    'PasswordlessError',
    'PasswordlessStrategy',
    'isPasswordlessError',
    'mfaMiddleware',
    'resend',
    'start',
    'verify',
  ],
  testing: ['startLocalTenant'],
};

describe('the installed package', () => {
  let project: Project;

  beforeAll(() => {
    project = createProject();
    project.add('undici', 'jose', 'passport-strategy');
  });

  afterAll(() => {
    project.remove();
  });

  /** Runs a file of the project; one that does not end by itself has a signal in place of a status. */
  function run(file: string) {
    const { status, signal, stdout, stderr } = spawnSync(process.execPath, [file], {
      cwd: project.directory,
      encoding: 'utf8',
      timeout: 20_000,
    });
    return { status, signal, stdout, stderr };
  }

  test.each(['imported.mjs', 'required.cjs'])('has the documented exports and signs in (%s)', (file) => {
    const { stdout, ...end } = run(file);
    expect(end).toEqual({ status: 0, signal: null, stderr: '' });
    expect(JSON.parse(stdout)).toEqual({ ...documented, action: 'success' });
  });

  test('opens nothing that keeps a process alive', () => {
    expect(run('idle.mjs')).toEqual({ status: 0, signal: null, stdout: '', stderr: '' });
  });
});

describe('the declarations', () => {
  let project: Project;

  beforeAll(() => {
    project = createProject();
  });

  afterAll(() => {
    project.remove();
  });

  /** What tsc says of the consumer's sources, as a project of strict settings that checks our declarations, too. */
  function compile(files: string[], compilerOptions: object): string {
    const config = {
      files,
      compilerOptions: {
        target: 'es2022',
        lib: ['es2023'],
        types: [],
        strict: true,
        exactOptionalPropertyTypes: true,
        noUncheckedIndexedAccess: true,
        skipLibCheck: false,
        noEmit: true,
        ...compilerOptions,
      },
    };
    const file = join(project.directory, 'tsconfig.json');
    writeFileSync(file, JSON.stringify(config));
    return spawnSync(process.execPath, [tsc, '--project', file], { encoding: 'utf8' }).stdout;
  }

  test.each([
    ['node16', 'node16'],
    ['nodenext', 'nodenext'],
    ['esnext', 'bundler'],
  ])('need no other package (%s, %s)', (module, moduleResolution) => {
    const sources = join(project.directory, module);
    mkdirSync(sources);
    for (const extension of ['mts', 'cts']) {
      copyFileSync(join(project.directory, 'types.ts'), join(sources, `types.${extension}`));
    }
    expect(compile([`${module}/types.mts`, `${module}/types.cts`], { module, moduleResolution })).toBe('');
  });

  test('are all used by the source that these tests compile', () => {
    const read = (file: string) => readFileSync(file, 'utf8');
    const names = (list = '') => [...list.matchAll(/(?:type )?(\w+)(?: as \w+)?/g)].map(([, name]) => name).sort();
    const exported = (file: string) => names(/^export \{(.*?)\};$/ms.exec(read(join(project.package, file)))?.[1]);
    const imported = (id: string) =>
      names(new RegExp(`import \\{([^}]*)\\} from '${id}';`).exec(read(join(project.directory, 'types.ts')))?.[1]);
    expect(exported('dist/index.d.ts')).toEqual(expect.arrayContaining(documented.library));
    expect(imported('passport-auth0-passwordless')).toEqual(exported('dist/index.d.ts'));
    expect(exported('dist/testing/index.d.ts')).toEqual(expect.arrayContaining(documented.testing));
    expect(imported('passport-auth0-passwordless/testing')).toEqual(exported('dist/testing/index.d.ts'));
  });

  test("fit Passport's and Express's own", () => {
    const types = ['express', 'express-serve-static-core', 'passport', 'node', 'body-parser', 'connect', 'http-errors'];
    project.add(...[...types, 'qs', 'range-parser', 'send', 'serve-static', 'mime'].map((name) => `@types/${name}`));
    copyFileSync(join(project.directory, 'passport.ts'), join(project.directory, 'passport.mts'));
    const options = { module: 'nodenext', types: ['node'], skipLibCheck: true, preserveSymlinks: true };
    expect(compile(['passport.mts'], options)).toBe('');
  });
});
