import { extract } from './examples.js';

// Importing the examples of the page registers their tests. .ci/run runs the one for Jest, test/browser/ the one for
// Playwright.

const { load } = extract('docs/testing.md');

await load('login.test.ts');
await load('second-factor.ts');
await load('other-ways.ts');
