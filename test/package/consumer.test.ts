import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { documented } from './documented.js';
import { createProject, dependencies, passport, type Project, root } from './packed.js';

describe('the installed package', () => {
  let project: Project;

  beforeAll(() => {
    project = createProject();
    project.install();
  });

  afterAll(() => {
    project.remove();
  });

  /** Runs a file of the project; one that does not end by itself has a signal in place of a status. */
  function run(...args: string[]) {
    const { status, signal, stdout, stderr } = spawnSync(process.execPath, args, {
      cwd: project.directory,
      encoding: 'utf8',
      timeout: 20_000,
    });
    return { status, signal, stdout, stderr };
  }

  test('brings three packages with it', () => {
    expect(Object.keys(project.installed()).sort()).toEqual(
      ['passport-auth0-passwordless', ...dependencies, ...passport].sort(),
    );
  });

  test.each(['imported.mjs', 'required.cjs'])('has the documented exports and signs in (%s)', (file) => {
    const { stdout, ...end } = run(file);
    expect(end).toEqual({ status: 0, signal: null, stderr: '' });
    expect(JSON.parse(stdout)).toEqual({ ...documented, user: 'ada@example.com' });
  });

  test('opens nothing that keeps a process alive', () => {
    expect(run('idle.mjs')).toEqual({ status: 0, signal: null, stdout: '', stderr: '' });
  });

  test("signs in under Vitest's defaults", () => {
    const { status, stdout, stderr } = run(join(root, 'node_modules/vitest/vitest.mjs'), 'run', 'login.test.mjs');
    expect(status, stdout + stderr).toBe(0);
    expect(stdout).toContain('1 passed');
  });
});
