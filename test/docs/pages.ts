import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
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
  /** The name of its file, by which blocks of a page import each other, or `''`. */
  name: string;
  code: string;
}

export function blocksOf(page: string): Block[] {
  return [...read(page).matchAll(/^```(\S*) ?([^\n]*)\n(.*?)^```$/gms)].map(
    ([, language = '', name = '', code = '']) => ({ language, name, code }),
  );
}

/** The blocks of TypeScript, and the new sides of diffs: `test/package/types.test.ts` compiles them. */
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

/** Writes the named blocks of a page into a folder; returns their names. */
export function writeBlocks(page: string, folder: string): string[] {
  mkdirSync(folder, { recursive: true });
  const scripts = blocksOf(page).filter(({ language, name }) => language === 'js' && name !== '');
  return [...examplesOf(page), ...scripts].map(({ name, code }) => {
    writeFileSync(join(folder, name), code);
    return name;
  });
}

/** The cells of the tables under a heading, without the heads of the tables. */
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

/** The code in a text: `` `start`, `resend` `` has two names. */
export const names = (cell: string): string[] => [...cell.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name);

/** The code in the first cell of every row under a heading. */
export const cellsOf = (page: string, heading: string): string[] =>
  tableUnder(page, heading).flatMap(([cell = '']) => names(cell));
