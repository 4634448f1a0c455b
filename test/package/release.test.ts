import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const workflow = readFileSync(new URL('../../.github/workflows/release.yml', import.meta.url), 'utf8');
const [, jobOfTests = '', jobThatPublishes = ''] = workflow.split(/^ {2}(?:test|publish):$/m);
const runs = (job: string) => [...job.matchAll(/^ +- run: (.*)$/gm)].map(([, command]) => command);

test('the release publishes the tarball that the tests packed, without a script or a dependency', () => {
  expect(runs(jobOfTests)).toEqual(['npm ci', 'npm run test:all', 'npm pack']);
  expect(jobOfTests).not.toContain('id-token');
  expect(jobThatPublishes).toContain('needs: test');
  expect(runs(jobThatPublishes)).toEqual(['npm publish ./*.tgz --ignore-scripts --provenance --access public']);
});

test('every action of the release is pinned to a commit', () => {
  const actions = [...workflow.matchAll(/uses: (\S+)/g)].map(([, action]) => action);
  expect(actions.length).toBeGreaterThan(0);
  for (const action of actions) expect(action).toMatch(/@[0-9a-f]{40}$/);
});
