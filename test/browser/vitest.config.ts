import { configDefaults, defineConfig } from 'vitest/config';
import root from '../../vitest.config.js';

// What `npm run test:browser` runs; its browser is installed by `run.ts` in this folder.
export default defineConfig({
  ...root,
  test: {
    ...root.test,
    include: ['test/browser/*.test.ts'],
    exclude: configDefaults.exclude,
    reporters: ['default'],
    // `support.ts` starts a browser for each file that imports it.
    isolate: true,
  },
});
