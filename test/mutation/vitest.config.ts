import { BaseSequencer, type TestSpecification } from 'vitest/node';
import { defineConfig } from 'vitest/config';
import root from '../../vitest.config.js';

const FOLDERS = ['unit', 'flows', 'attacks', 'hosts'];

/** The quickest tests first: the first that fails ends the run. */
class UnitsFirst extends BaseSequencer {
  override sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification) =>
      FOLDERS.findIndex((folder) => moduleId.includes(`/test/${folder}/`));
    return Promise.resolve(files.toSorted((one, other) => rank(one) - rank(other)));
  }
}

// What a mutant is held against: the tests of lib/ without those that start other processes or servers, or read lib/ as text.
export default defineConfig({
  ...root,
  test: {
    ...root.test,
    include: FOLDERS.map((folder) => `test/${folder}/**/*.test.ts`),
    exclude: ['test/hosts/{express,fastify,koa,nest}.test.ts', 'test/attacks/exhaustion.test.ts'],
    reporters: [],
    // Each run has a worker of its own, and its tests share what they import: in half the time.
    isolate: false,
    sequence: { sequencer: UnitsFirst },
  },
});
