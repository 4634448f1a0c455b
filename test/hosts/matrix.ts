import type { Reporter, TestModule } from 'vitest/node';

/** A reporter for vitest: after a run that had them, prints how many tests of each scenario passed on each host. */
export default class HostMatrix implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const matrix: Record<string, Record<string, string>> = {};
    for (const module of modules.filter(({ moduleId }) => moduleId.includes('/test/hosts/'))) {
      for (const host of module.children.suites()) {
        for (const scenario of host.children.suites()) {
          const states = [...scenario.children.allTests()].map((test) => test.result().state);
          const run = states.filter((state) => state !== 'skipped');
          if (run.length === 0) continue;
          const passed = run.filter((state) => state === 'passed');
          (matrix[host.name] ??= {})[scenario.name] = `${passed.length}/${run.length}`;
        }
      }
    }
    if (Object.keys(matrix).length > 0) console.table(matrix);
  }
}
