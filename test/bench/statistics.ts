/** What is quoted of many measurements. */
export interface Summary {
  median: number;
  /** Quartiles. */
  lower: number;
  upper: number;
}

export function summarize(values: number[]): Summary {
  const sorted = values.toSorted((one, other) => one - other);
  return { median: quantile(sorted, 0.5), lower: quantile(sorted, 0.25), upper: quantile(sorted, 0.75) };
}

export const median = (values: number[]): number => summarize(values).median;

/** Between the two values next to it. */
function quantile(sorted: number[], part: number): number {
  const position = (sorted.length - 1) * part;
  const below = sorted[Math.floor(position)] ?? NaN;
  const above = sorted[Math.ceil(position)] ?? NaN;
  return below + (above - below) * (position - Math.floor(position));
}

/** In a random order: Fisher and Yates. */
export function shuffled<T>(values: T[]): T[] {
  const all = [...values];
  for (let last = all.length - 1; last > 0; last -= 1) {
    const other = Math.floor(Math.random() * (last + 1));
    [all[last], all[other]] = [all[other] as T, all[last] as T];
  }
  return all;
}
