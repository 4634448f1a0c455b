import { BaseSequencer, type PoolOptions, type TestSpecification } from 'vitest/node';
import { defineConfig } from 'vitest/config';
import root from '../../vitest.config.js';
import { KeptThread } from './kept-thread.js';

const FOLDERS = ['unit', 'strategy', 'flows', 'attacks'];

/** The quickest tests first: the first that fails ends the run. */
class UnitsFirst extends BaseSequencer {
  override sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification) =>
      FOLDERS.findIndex((folder) => moduleId.includes(`/test/${folder}/`));
    return Promise.resolve(files.toSorted((one, other) => rank(one) - rank(other)));
  }
}

// What a mutant is held against: the quick tests of lib/.
export default defineConfig({
  ...root,
  plugins: [
    {
      name: 'kept-thread',
      // Stryker asks for Vitest's own threads.
      configureVitest({ project: { config } }) {
        const createPoolWorker = (options: PoolOptions) => new KeptThread(options);
        Object.assign(config, { pool: 'kept-thread', poolRunner: { name: 'kept-thread', createPoolWorker } });
      },
    },
  ],
  test: {
    ...root.test,
    include: FOLDERS.map((folder) => `test/${folder}/**/*.test.ts`),
    exclude: ['test/attacks/exhaustion.test.ts'],
    setupFiles: ['test/mutation/setup.ts'],
    reporters: [],
    // Many a mutant makes a test hang: waiting for those is most of the time that it all takes.
    testTimeout: 15_000,
    hookTimeout: 15_000,
    // The tests share what they import: in half the time.
    isolate: false,
    sequence: { sequencer: UnitsFirst },
  },
});
