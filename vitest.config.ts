import { fileURLToPath } from 'node:url';
import { configDefaults, defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

const lib = (file: string) => fileURLToPath(new URL(`lib/${file}`, import.meta.url));

const FIRST = ['unit', 'strategy', 'flows', 'attacks', 'tenant'];

/** Small parts before what is built of them, so that the first failure is the one nearest to its cause. */
class SmallPartsFirst extends BaseSequencer {
  override sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification) => {
      const index = FIRST.findIndex((folder) => moduleId.includes(`/test/${folder}/`));
      return index < 0 ? FIRST.length : index;
    };
    return Promise.resolve(files.toSorted((one, other) => rank(one) - rank(other)));
  }
}

export default defineConfig({
  resolve: {
    alias: {
      'passport-auth0-passwordless/testing': lib('testing/index.ts'),
      'passport-auth0-passwordless': lib('index.ts'),
    },
  },
  test: {
    include: ['test/**/*.test.ts'],
    // Needs a browser, which `npm run test:browser` installs.
    exclude: [...configDefaults.exclude, 'test/browser/**'],
    reporters: ['./test/reporter.ts'],
    // Files share the modules that they import: isolated, most of the time went into loading them again.
    isolate: false,
    sequence: { sequencer: SmallPartsFirst },
    // Much of a test's time is waiting: for sockets, and for other processes.
    maxWorkers: '100%',
    // Long enough for a slow machine: only a test that hangs may run out of time.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    coverage: {
      include: ['lib/**'],
      reporter: [['text', { skipFull: true, maxCols: 100 }]],
      thresholds: { lines: 97, branches: 97 },
    },
  },
});
