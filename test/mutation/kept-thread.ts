import { type PoolOptions, type PoolWorker, ThreadsPoolWorker, type WorkerRequest } from 'vitest/node';

/** Runs of one thread: what tests that were cut short leave behind must not add up. */
const MOST_RUNS = 100;

let kept: { worker: ThreadsPoolWorker; runs: number } | undefined;

/**
 * A thread that outlives the run of a mutant. Vitest starts a new one for each run, and most of the time of a run goes
 * into loading what the last one had loaded. A mutant of code that runs as a module is loaded needs one of its own.
 */
export class KeptThread implements PoolWorker {
  readonly name = 'kept-thread';
  private readonly worker: ThreadsPoolWorker;
  private readonly ownsThread: boolean;
  private readonly listeners: [event: string, callback: (arg: unknown) => void][] = [];
  private hasEnded = false;

  constructor(options: PoolOptions) {
    const { mode, mutantActivation } = options.project.getProvidedContext() as Record<string, unknown>;
    this.ownsThread = mode !== 'mutant' || mutantActivation === 'static';
    if (this.ownsThread) {
      this.worker = new ThreadsPoolWorker(options);
    } else {
      kept ??= { worker: new ThreadsPoolWorker(options), runs: 0 };
      this.worker = kept.worker;
      kept.runs += 1;
    }
  }

  on(event: string, callback: (arg: unknown) => void) {
    this.listeners.push([event, callback]);
    this.worker.on(event, callback);
  }

  off(event: string, callback: (arg: unknown) => void) {
    this.worker.off(event, callback);
  }

  start() {
    return this.worker.start();
  }

  send(message: WorkerRequest) {
    if (message.type !== 'stop' || this.ownsThread) {
      this.worker.send(message);
      return;
    }
    this.hasEnded = true;
    for (const [event, callback] of this.listeners) {
      if (event === 'message') callback({ type: 'stopped', __vitest_worker_response__: true });
    }
  }

  async stop() {
    for (const [event, callback] of this.listeners) this.worker.off(event, callback);
    if (this.hasEnded && kept?.worker === this.worker && kept.runs < MOST_RUNS) return;
    if (kept?.worker === this.worker) kept = undefined;
    await this.worker.stop();
  }

  deserialize(data: unknown) {
    return data;
  }
}
