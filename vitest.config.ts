import { fileURLToPath } from 'node:url';
import { configDefaults, defineConfig } from 'vitest/config';

const lib = (file: string) => fileURLToPath(new URL(`lib/${file}`, import.meta.url));

export default defineConfig({
  resolve: {
    alias: {
      'passport-auth0-passwordless/testing': lib('testing/index.ts'),
      'passport-auth0-passwordless': lib('index.ts'),
    },
  },
  test: {
    include: ['test/**/*.test.ts'],
    // Need a browser, which `npm run test:browser` installs.
    exclude: [...configDefaults.exclude, 'test/browser/**'],
    reporters: ['default', './test/hosts/matrix.ts'],
    // Much of a test's time is waiting: for sockets, and for other processes.
    maxWorkers: '100%',
    // Long enough for a slow machine: only what hangs may run out of time.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    coverage: {
      include: ['lib/**'],
      reporter: [['text', { skipFull: true }]],
      thresholds: { lines: 97, branches: 97 },
    },
  },
});
