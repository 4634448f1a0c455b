import { spawnSync } from 'node:child_process';
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { pages, writeBlocks } from '../docs/pages.js';
import { documented } from './documented.js';
import { createProject, type Project, root } from './packed.js';

// The compiler: the checkout's, or the one whose folder .ci/run names.
const typescript = process.env.TYPESCRIPT ?? join(root, 'node_modules/typescript');
const manifest = (folder: string) =>
  JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
    version: string;
    devDependencies: Record<string, string>;
  };
const { version } = manifest(typescript);

let project: Project;

const fine = { status: 0, output: '' };

/** What tsc says of the files, in a project of strict settings. */
function compile(files: string[], compilerOptions: object): typeof fine {
  const config = {
    files,
    compilerOptions: {
      target: 'es2022',
      lib: ['es2023'],
      types: [],
      strict: true,
      exactOptionalPropertyTypes: true,
      noUncheckedIndexedAccess: true,
      noEmit: true,
      ...compilerOptions,
    },
  };
  const file = join(project.directory, 'tsconfig.json');
  writeFileSync(file, JSON.stringify(config));
  const tsc = [join(typescript, 'bin/tsc'), '--project', file];
  const { status, stdout, stderr } = spawnSync(process.execPath, tsc, { encoding: 'utf8' });
  return { status: status ?? 1, output: stdout + stderr };
}

/** The same source as an ES module and as CommonJS. */
function asBoth(source: string, folder: string): string[] {
  return ['mts', 'cts'].map((extension) => {
    const file = `${folder}/${basename(source, '.ts')}.${extension}`;
    cpSync(join(project.directory, source), join(project.directory, file));
    return file;
  });
}

const read = (file: string) => readFileSync(join(project.directory, file), 'utf8');

describe(`the declarations, under TypeScript ${version}`, () => {
  beforeAll(() => {
    project = createProject();
    project.unpack();
  });

  afterAll(() => {
    project.remove();
  });

  const systems: [string, string][] = [
    ['node16', 'node16'],
    ['nodenext', 'nodenext'],
    ['esnext', 'bundler'],
  ];
  // The default of many a project, which TypeScript 6 has no more.
  if (version.startsWith('5.')) systems.push(['commonjs', 'node10']);

  test.each(systems)('need no other package (%s, %s)', (module, moduleResolution) => {
    const files = asBoth('types.ts', module);
    expect(compile(files, { module, moduleResolution, skipLibCheck: false })).toEqual(fine);
  });

  test('are all used by the source that these tests compile', () => {
    const names = (list = '') => [...list.matchAll(/(?:type )?(\w+)(?: as \w+)?/g)].map(([, name]) => name).sort();
    const exported = (file: string) =>
      names(/^export \{(.*?)\};$/ms.exec(readFileSync(join(project.package, file), 'utf8'))?.[1]);
    const imported = (id: string) =>
      names(new RegExp(`import \\{([^}]*)\\} from '${id}';`).exec(read('types.ts'))?.[1]);
    expect(exported('dist/index.d.ts')).toEqual(expect.arrayContaining(documented.library));
    expect(imported('passport-auth0-passwordless')).toEqual(exported('dist/index.d.ts'));
    expect(exported('dist/testing/index.d.ts')).toEqual(expect.arrayContaining(documented.testing));
    expect(imported('passport-auth0-passwordless/testing')).toEqual(exported('dist/testing/index.d.ts'));
  });
});

describe(`with the types of every host, under TypeScript ${version}`, () => {
  beforeAll(() => {
    project = createProject();
    project.unpack();
    project.link(...Object.keys(manifest(root).devDependencies), 'undici');
  });

  afterAll(() => {
    project.remove();
  });

  // The hosts' own declarations do not all stand a check of libraries.
  const options = { module: 'nodenext', types: ['node'], skipLibCheck: true, experimentalDecorators: true };

  test.each(['express', 'koa', 'fastify', 'nest'])('an app compiles (%s)', (host) => {
    expect(compile(asBoth(`hosts/${host}.ts`, 'hosts'), options)).toEqual(fine);
  });

  // Left out: what wants the types of Playwright. `npm run test:browser` compiles and runs it.
  const playwrightExample = 'login.spec.ts';

  test('the examples of every page compile as they stand', () => {
    const files = pages.flatMap((page) => {
      const folder = `pages/${basename(page, '.md')}`;
      const names = writeBlocks(page, join(project.directory, folder)).filter((name) => name.endsWith('.ts'));
      return names.filter((name) => name !== playwrightExample).map((name) => `${folder}/${name}`);
    });
    expect(files).not.toEqual([]);
    writeFileSync(join(project.directory, 'pages/package.json'), '{ "type": "module" }');
    expect(compile(files, options)).toEqual(fine);
  });
});
