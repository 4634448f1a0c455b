import { MinimalReporter, type TestModule } from 'vitest/node';

/** Prints a dot for each file, then the failures in the order in which they came, and one summary. */
export default class Dots extends MinimalReporter {
  private readonly ended = new Set<TestModule>();

  override printTestModule(module: TestModule): void {
    this.ended.add(module);
    process.stdout.write(module.state() === 'failed' ? 'x' : '.');
  }

  override onTestRunEnd(modules: readonly TestModule[], ...rest: OnEnd): void {
    process.stdout.write('\n');
    super.onTestRunEnd([...new Set([...this.ended, ...modules])], ...rest);
    this.ended.clear();
  }
}

type OnEnd = Parameters<MinimalReporter['onTestRunEnd']> extends [unknown, ...infer Rest] ? Rest : never;
