import { readFileSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { fileURLToPath } from 'node:url';
import { format, resolveConfig } from 'prettier';
import { type Line, PARALLELISMS } from './parts/parallelism.js';
import { versions } from './peers.js';
import { plot } from './plot.js';
import { type Row, table, toMarkdown } from './rows.js';

const docs = (file: string) => fileURLToPath(new URL(`../../docs/${file}`, import.meta.url));
const [BEGIN, END] = ['<!-- measured by npm run bench -->', '<!-- end of what was measured -->'];

/** The figures as Markdown. */
export function report(rows: Row[], lines: Line[]): string {
  return [
    `Measured with Node ${process.version.slice(1)} on ${cpus().length} cores, with ${versions()}.`,
    ...(rows.length > 0 ? [table(rows)] : []),
    ...(lines.length > 0
      ? [
          '### CPU per login against parallelism',
          '![Microseconds of CPU per login, by how many run in parallel, for each candidate](performance.svg)',
          costs(lines),
        ]
      : []),
  ].join('\n\n');
}

function costs(lines: Line[]): string {
  return toMarkdown([
    ['µs of CPU per login, in parallel:', ...PARALLELISMS.map(String)],
    ...lines.map((line) => [line.name, ...line.costs.map((cost) => cost.toFixed(0))]),
  ]);
}

/** Puts figures and plot into docs/. */
export async function write(rows: Row[], lines: Line[]): Promise<void> {
  const file = docs('performance.md');
  const page = readFileSync(file, 'utf8');
  const [before, after] = [page.indexOf(BEGIN), page.indexOf(END)];
  if (before < 0 || after < 0) throw new Error('docs/performance.md has lost its marks.');
  const text = `${page.slice(0, before)}${BEGIN}\n\n${report(rows, lines)}\n\n${page.slice(after)}`;
  writeFileSync(file, await format(text, { ...(await resolveConfig(file)), filepath: file }));
  writeFileSync(docs('performance.svg'), plot(lines));
}
