import { onTestFinished, vi } from 'vitest';

/** Moves this process's clock, and with it the strategy's, for the rest of the test; timers go on as they were. */
export function passTime(seconds: number): void {
  const now = Date.now();
  vi.useFakeTimers({ toFake: ['Date'], now: now + seconds * 1000 });
  onTestFinished(() => {
    vi.useRealTimers();
  });
}
