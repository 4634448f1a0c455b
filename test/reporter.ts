import { MinimalReporter, type TestModule } from 'vitest/node';

/** Prints a dot for each file, then every failure and one summary. */
export default class Dots extends MinimalReporter {
  override printTestModule(module: TestModule): void {
    process.stdout.write(module.state() === 'failed' ? 'x' : '.');
  }

  override onTestRunEnd(...run: Parameters<MinimalReporter['onTestRunEnd']>): void {
    process.stdout.write('\n');
    super.onTestRunEnd(...run);
  }
}
