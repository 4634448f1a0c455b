import { join } from 'node:path';
import { afterAll } from 'vitest';
import { extract } from './pages.js';

// The tests of docs/testing.md run here as tests: `import` is what registers them. That of Jest runs in .ci/run, and that
// of Playwright in test/browser/.

const { folder, remove } = extract('docs/testing.md');
afterAll(remove);

await import(join(folder, 'login.test.ts'));
await import(join(folder, 'second-factor.ts'));
await import(join(folder, 'other-ways.ts'));
