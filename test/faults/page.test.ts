import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { SITUATIONS } from './situations.js';
import { rows } from './table.js';

const page = readFileSync(new URL('../../docs/reliability.md', import.meta.url), 'utf8');

/** The cells of the table under a heading, without the line below its head. */
function tableUnder(heading: string): string[][] {
  const section = page.split(/^#+ /m).find((each) => each.startsWith(`${heading}\n`)) ?? '';
  return section
    .split('\n')
    .filter((line) => line.startsWith('|') && !/^\|[\s|:-]+$/.test(line))
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
}

test('docs/reliability.md has the table of faults as the tests run it', () => {
  expect(tableUnder('What each fault comes to')).toEqual(rows());
});

test('docs/reliability.md has the situations of keys and clocks as the tests run them', () => {
  expect(tableUnder('Signing keys and clocks')).toEqual([
    ['Situation', 'A login by code'],
    ...SITUATIONS.map(({ name, outcome }) => [name, outcome === 'works' ? 'works' : `\`${outcome}\`, gone`]),
  ]);
});
