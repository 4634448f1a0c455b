/**
 * Holds Stryker's report against what is asked of it: a score for each folder, and a reason for each mutant that survived
 * where none may do so unexplained.
 */
import { readFileSync } from 'node:fs';
import { survivors } from './survivors.js';

/** Percent of all mutants. */
const LEAST = 85;

const EXPLAINED = /^lib\/(flows\/|transaction\/|auth0\/id-token\.ts$|strategy\.ts$)/;

/** What is read of a report: https://github.com/stryker-mutator/mutation-testing-elements has all of it. */
interface Report {
  files: Record<string, { source: string; mutants: Mutant[] }>;
}

interface Mutant {
  status: string;
  replacement: string;
  location: Record<'start' | 'end', { line: number; column: number }>;
}

const oneLine = (text: string) => text.replace(/\s+/g, ' ').trim();

/** A mutant without its line number, which would move: the line that it begins on, what was changed of it, and to what. */
function described(source: string, { location: { start, end }, replacement }: Mutant) {
  const lines = source.split('\n').slice(start.line - 1, end.line);
  const line = lines[0] ?? '';
  const last = lines.pop() ?? '';
  const changed = [...lines, last.slice(0, end.column - 1)].join('\n').slice(start.column - 1);
  return { line: oneLine(line), from: oneLine(changed), to: oneLine(replacement) };
}

const { files } = JSON.parse(readFileSync('coverage/mutation/report.json', 'utf8')) as Report;
const folders = new Map<string, { killed: number; of: number }>();
const unexplained: object[] = [];
const gone: object[] = [];

for (const [file, { source, mutants }] of Object.entries(files)) {
  const folder = file.slice(0, file.lastIndexOf('/') + 1);
  const survived = mutants.filter(({ status }) => status === 'Survived' || status === 'NoCoverage');
  const killed = mutants.filter(({ status }) => status === 'Killed' || status === 'Timeout');
  const counts = folders.get(folder) ?? { killed: 0, of: 0 };
  counts.killed += killed.length;
  counts.of += killed.length + survived.length;
  folders.set(folder, counts);

  const known = survivors[file] ?? [];
  const found = survived.map((mutant) => described(source, mutant));
  const isSame = (one: (typeof found)[number]) => (other: (typeof found)[number]) =>
    one.line === other.line && one.from === other.from && one.to === other.to;
  if (EXPLAINED.test(file)) {
    unexplained.push(...found.filter((each) => !known.some(isSame(each))).map((each) => ({ file, ...each })));
  }
  gone.push(...known.filter((each) => !found.some(isSame(each))).map(({ line, to }) => ({ file, line, to })));
}

const all = { killed: 0, of: 0 };
for (const { killed, of } of folders.values()) {
  all.killed += killed;
  all.of += of;
}
const score = ({ killed, of }: typeof all) => (of === 0 ? 100 : (100 * killed) / of);

console.log('| folder | mutants | killed | score |\n| --- | --- | --- | --- |');
for (const [folder, counts] of [...[...folders].sort(), ['all', all] as const]) {
  console.log(`| ${folder} | ${counts.of} | ${counts.killed} | ${score(counts).toFixed(1)} % |`);
}
if (gone.length > 0) console.log('\nKilled by now, and explained all the same in survivors.ts:', gone);
if (unexplained.length > 0) console.log('\nSurvived, and are not explained in survivors.ts:', unexplained);
if (unexplained.length > 0 || score(all) < LEAST) process.exitCode = 1;
