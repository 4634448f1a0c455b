import { inject } from 'vitest';

/** What Stryker provides, which Vitest has no types for. */
const provided = inject as (name: string) => unknown;

// A kept thread still has the last mutant switched on, and would load the next test with it.
if (provided('mutantActivation') !== 'static') {
  const stryker: unknown = Reflect.get(globalThis, String(provided('globalNamespace')));
  if (stryker) Object.assign(stryker, { activeMutant: undefined });
}
