import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

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
    coverage: {
      include: ['lib/**'],
      thresholds: { lines: 97, branches: 97 },
    },
  },
});
