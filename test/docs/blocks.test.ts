import { existsSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { describe, expect, test } from 'vitest';
import { type Block, blocksOf, pages, read, root, sideOf } from './pages.js';

// A test checks every block of code, because a language that is not among these fails:
// - test/package/types.test.ts compiles `ts` and the new side of a `diff`, and the other tests here run most of it;
// - `js` is parsed here, and run by the script that RUN names;
// - `sh` and `json` are checked here.

const RUN: Record<string, string> = {
  'docs/testing.md login.test.js': '.ci/run',
};

const scripts = (JSON.parse(read('package.json')) as { scripts: Record<string, string> }).scripts;

const checks: Record<string, (block: Block, page: string) => void> = {
  ts({ name }) {
    expect(name, 'needs a file name').toMatch(/^[\w.-]+\.ts$/);
  },
  diff({ name, code }) {
    expect(name, 'needs a file name').toMatch(/^[\w.-]+\.ts$/);
    expect(syntaxErrors(sideOf(code, '-'))).toEqual([]);
  },
  js({ name, code }, page) {
    expect(Object.keys(RUN)).toContain(`${page} ${name}`);
    expect(syntaxErrors(code)).toEqual([]);
  },
  json({ code }) {
    JSON.parse(code);
  },
  sh({ code }) {
    const commands = code.split('\n').flatMap((line) => line.replace(/(^| +)#.*/, '').split(' && '));
    for (const command of commands.filter((each) => each !== '')) {
      expect(isKnown(command), command).toBe(true);
    }
  },
};

function syntaxErrors(code: string): string[] {
  const { diagnostics = [] } = ts.transpileModule(code, { reportDiagnostics: true });
  return diagnostics.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'));
}

/** True if the command is one of npm's, a script of package.json, or runs a file that exists. */
function isKnown(command: string): boolean {
  const [, script = ''] = /^npm (?:run )?(\S+)/.exec(command) ?? [];
  if (['ci', 'init', 'pkg', 'install'].includes(script)) return true;
  if (script !== '') return script in scripts;
  const [, path = ''] = /^(?:npx vitest(?: run)?|npx tsx(?: --env-file=\.env)?|bash) (\S+)/.exec(command) ?? [];
  const isOfPage = pages.some((page) => blocksOf(page).some(({ name }) => name === path));
  return path !== '' && (isOfPage || existsSync(join(root, path)));
}

describe.each(pages)('%s', (page) => {
  const blocks = blocksOf(page);

  test('has only blocks that a test checks', () => {
    expect(read(page).match(/^ *(```|~~~)/gm) ?? []).toHaveLength(blocks.length * 2);
    for (const block of blocks) {
      expect(Object.keys(checks), block.code).toContain(block.language);
      checks[block.language]?.(block, page);
    }
  });

  test('gives every block another name', () => {
    const names = blocks.map(({ name }) => name).filter((name) => name !== '');
    expect(names).toEqual([...new Set(names)]);
  });
});

test('every block of JavaScript is run by a script that names it', () => {
  for (const [block, runner] of Object.entries(RUN)) {
    const [page = '', name] = block.split(' ');
    expect(blocksOf(page).map((each) => each.name)).toContain(name);
    expect(read(runner)).toContain(name);
  }
});
