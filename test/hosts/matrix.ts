import type { Reporter, TestModule } from 'vitest/node';

/** Prints how many tests of each scenario passed on each host, as the last section of docs/hosts.md explains. */
export default class HostMatrix implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const hosts = modules
      .filter(({ moduleId }) => moduleId.includes('/test/hosts/'))
      .flatMap(({ children }) => [...children.suites()].map(({ name, children }) => ({ name, children })));
    const columns = new Map<string, Map<string, string>>();
    for (const { name, children } of hosts) {
      for (const scenario of children.suites()) {
        const states = [...scenario.children.allTests()].map((test) => test.result().state);
        const run = states.filter((state) => state !== 'skipped').length;
        const passed = states.filter((state) => state === 'passed').length;
        const column = columns.get(shortName(name)) ?? new Map<string, string>();
        if (run > 0) columns.set(shortName(name), column.set(scenario.name, `${passed}/${run}`));
      }
    }
    if (columns.size === 0) return;

    const names = [...columns.keys()];
    const scenarios = new Set([...columns.values()].flatMap((column) => [...column.keys()]));
    const width = Math.max(...[...scenarios].map(({ length }) => length));
    const line = (label: string, cells: string[]) =>
      [label.padEnd(width), ...cells.map((cell, index) => cell.padStart(names[index]?.length ?? 0))].join('  ');
    console.log(line('', names));
    for (const scenario of scenarios) {
      console.log(
        line(
          scenario,
          [...columns.values()].map((column) => column.get(scenario) ?? ''),
        ),
      );
    }
    console.log('* sessions in a cookie\n');
  }
}

/** `Fastify*` for `Fastify, @fastify/secure-session`. */
export const shortName = (host: string) => host.replace(/,.*/, '') + (/cookie|secure-session/.test(host) ? '*' : '');
