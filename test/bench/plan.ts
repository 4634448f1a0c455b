/** How much is measured. */
export interface Plan {
  /** Logins of each candidate before anything is measured. */
  warmUp: number;
  /** Logins in a block. */
  block: number;
  /** Pairs of blocks, for a ratio. */
  pairs: number;
  /** Visits to every parallelism, for the plot. */
  visits: number;
  /** Logins over which the heap and the CPU must not grow. */
  verifications: number;
  /** Pairs of new processes, for the import. */
  imports: number;
}

export const FULL: Plan = { warmUp: 3_000, block: 1_000, pairs: 40, visits: 5, verifications: 50_000, imports: 20 };

/** To see that everything works; its figures mean nothing. */
export const SMOKE: Plan = { warmUp: 64, block: 64, pairs: 2, visits: 1, verifications: 640, imports: 1 };
