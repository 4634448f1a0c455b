import passport, { Passport } from 'passport';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../../', import.meta.url));

/** The pages for users of the package, which go into the tarball. */
export const userPages = ['README.md', 'SECURITY.md', 'CHANGELOG.md', ...markdownIn('docs')];

/** Every page of the repository. */
export const pages = [
  ...userPages,
  'CONTRIBUTING.md',
  'CODE_OF_CONDUCT.md',
  'example-app/README.md',
  ...markdownIn('.github'),
];

export const read = (path: string): string => readFileSync(join(root, path), 'utf8');

function markdownIn(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .sort()
    .map((name) => `${folder}/${name}`);
}

/** A fenced block of code: ```` ```language name ````. */
export interface Block {
  language: string;
  /** Of its file, so that blocks of a page can import each other; `''` without one. */
  name: string;
  code: string;
}

export function blocksOf(page: string): Block[] {
  return [...read(page).matchAll(/^```(\S*) ?([^\n]*)\n(.*?)^```$/gms)].map(
    ([, language = '', name = '', code = '']) => ({ language, name, code }),
  );
}

/** The blocks of TypeScript, those of a `diff` as they are with its changes: `test/package/types.test.ts` compiles them. */
export function examplesOf(page: string): Block[] {
  return blocksOf(page)
    .filter(({ language }) => language === 'ts' || language === 'diff')
    .map((block) => (block.language === 'diff' ? { ...block, code: sideOf(block.code, '+') } : block));
}

/** One side of a diff: `'-'` is before, `'+'` after. */
export function sideOf(diff: string, side: '-' | '+'): string {
  const lines = diff.split('\n').filter((line) => line.startsWith(side) || !/^[-+]/.test(line));
  return lines.map((line) => line.slice(1)).join('\n');
}

/** Writes a page's named blocks into a folder. */
export function writeBlocks(page: string, folder: string): string[] {
  mkdirSync(folder, { recursive: true });
  const scripts = blocksOf(page).filter(({ language, name }) => language === 'js' && name !== '');
  return [...examplesOf(page), ...scripts].map(({ name, code }) => {
    writeFileSync(join(folder, name), code);
    return name;
  });
}

/** The same in a new folder inside the checkout, where the package's name means lib/, and with an unused `passport`. */
export function extract(page: string, within = 'test/docs'): { folder: string; remove: () => void } {
  const folder = mkdtempSync(join(root, within, '.examples-'));
  writeBlocks(page, folder);
  // The pages share one process, and with it the instance that the module exports.
  Object.assign(passport, new Passport());
  return {
    folder,
    remove() {
      rmSync(folder, { recursive: true });
    },
  };
}

/** The cells of the tables under a heading, without their heads. */
export function tableUnder(page: string, heading: string): string[][] {
  const sections = read(page)
    .replace(/^```.*?^```$/gms, '')
    .split(/^#+ /m);
  const section = sections.find((each) => each.startsWith(`${heading}\n`)) ?? '';
  const rows = section.split(/\n(?!\|)/).flatMap((lines) => lines.split('\n').filter((line) => line.startsWith('|')));
  // The head of a table is the line before its rule.
  return rows
    .filter((row, index) => !isRule(row) && !isRule(rows[index + 1] ?? ''))
    .map((row) =>
      row
        .split(/(?<!\\)\|/)
        .slice(1, -1)
        .map((cell) => cell.trim().replaceAll('\\|', '|')),
    );
}

const isRule = (row: string) => /^\|[\s|:-]+$/.test(row);

/** What is code in a cell: `` `start`, `resend` `` is two. */
export const names = (cell: string): string[] => [...cell.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name);

/** The same in every first cell under a heading. */
export const cellsOf = (page: string, heading: string): string[] =>
  tableUnder(page, heading).flatMap(([cell = '']) => names(cell));
