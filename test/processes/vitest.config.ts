import { defineConfig } from 'vitest/config';
import root from '../../vitest.config.js';

// What `run` in this folder runs; no part of `npm test`, since it needs Redis.
export default defineConfig({
  ...root,
  test: { ...root.test, include: ['test/processes/*.suite.ts'] },
});
