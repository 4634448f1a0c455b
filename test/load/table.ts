/** One line of a table; what is not judged has no bound. */
export interface Figure {
  what: string;
  measured: string;
  bound?: string;
  isRight: boolean;
}

export const shown = (what: string, measured: string): Figure => ({ what, measured, isRight: true });

export const exactly = (what: string, measured: number, expected: number): Figure => ({
  what,
  measured: format(measured),
  bound: format(expected),
  isRight: measured === expected,
});

export const atMost = (what: string, measured: number, limit: number, unit = ''): Figure => ({
  what,
  measured: format(measured, unit),
  bound: `at most ${format(limit, unit)}`,
  isRight: measured <= limit,
});

export const atLeast = (what: string, measured: number, limit: number): Figure => ({
  what,
  measured: format(measured),
  bound: `at least ${format(limit)}`,
  isRight: measured >= limit,
});

export function format(number: number, unit = ''): string {
  const text = number.toLocaleString('en', { maximumFractionDigits: Math.abs(number) < 100 ? 1 : 0 });
  return unit === '' ? text : `${text} ${unit}`;
}

/** As Markdown, with what is wrong in bold. Returns whether nothing is. */
export function print(title: string, figures: Figure[]): boolean {
  const lines = [
    ['', 'measured', 'has to be'],
    ...figures.map(({ what, measured, bound = '', isRight }) => [what, isRight ? measured : `**${measured}**`, bound]),
  ];
  const widths = [0, 1, 2].map((column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)));
  const row = (cells: string[]) => `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  const [head = [], ...body] = lines;
  console.log(`\n${title}\n`);
  console.log([row(head), row(widths.map((width) => '-'.repeat(width))), ...body.map(row)].join('\n'));
  return figures.every(({ isRight }) => isRight);
}
