import type { Summary } from './statistics.js';

/** A line of the table. */
export interface Row {
  what: string;
  goal: string;
  measured: string;
  /** Undefined for what has no goal. */
  isMet?: boolean;
  /** Whether it counts something, so that no other load on the machine can change it. */
  isCount?: boolean;
}

/** A ratio by its median, with its quartiles. */
export function ratio(what: string, measured: Summary, most?: number): Row {
  const { median, lower, upper } = measured;
  return {
    what,
    goal: most === undefined ? '' : `at most ${most.toFixed(2)}`,
    measured: `${median.toFixed(2)} (${lower.toFixed(2)}–${upper.toFixed(2)})`,
    ...(most !== undefined && { isMet: median <= most }),
  };
}

export function count(what: string, measured: number, goal: number): Row {
  return { what, goal: String(goal), measured: String(measured), isMet: measured === goal, isCount: true };
}

/** As Markdown. What misses its goal is in bold. */
export function table(rows: Row[]): string {
  const lines = rows.map(({ what, goal, measured, isMet = true }) => [
    what,
    goal,
    isMet ? measured : `**${measured}**`,
  ]);
  return toMarkdown([['what', 'goal', 'measured'], ...lines]);
}

/** With columns of one width, as Prettier would have them. */
export function toMarkdown(lines: string[][]): string {
  const [head = [], ...body] = lines;
  const widths = head.map((_, column) => Math.max(3, ...lines.map((line) => line[column]?.length ?? 0)));
  const row = (cells: string[]) =>
    `| ${widths.map((width, column) => (cells[column] ?? '').padEnd(width)).join(' | ')} |`;
  return [row(head), row(widths.map((width) => '-'.repeat(width))), ...body.map(row)].join('\n');
}
