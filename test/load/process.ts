import { fork } from 'node:child_process';
import { once } from 'node:events';

/** A process of its own that answers questions. */
export interface Process<Questions> {
  ask<Name extends keyof Questions>(name: Name, argument?: string): Promise<Questions[Name]>;
  stop(): Promise<void>;
}

interface Question {
  id: number;
  name: string;
  argument?: string;
}

interface Answer {
  id: number;
  answer: unknown;
}

/** Starts a file of this folder, or one by its URL, with `options` as JSON in its environment; `Questions` are what it answers, by name. */
export function startProcess<Questions>(file: string, options: object = {}): Process<Questions> {
  const child = fork(new URL(file, import.meta.url), {
    env: { ...process.env, OPTIONS: JSON.stringify(options) },
    execArgv: ['--expose-gc', '--import', 'tsx'],
  });
  const waiting = new Map<number, (answer: unknown) => void>();
  const exited = once(child, 'exit');
  const died = exited.then(() => {
    throw new Error(`${file} ended by itself; its standard error says why.`);
  });
  died.catch(() => undefined);
  child.on('message', ({ id, answer }: Answer) => {
    waiting.get(id)?.(answer);
    waiting.delete(id);
  });
  let asked = 0;
  return {
    ask: (name, argument) => {
      const id = (asked += 1);
      const answer = new Promise((resolve) => waiting.set(id, resolve));
      child.send({ id, name, argument });
      return Promise.race([answer, died]) as Promise<Questions[typeof name]>;
    },
    async stop() {
      child.kill();
      await exited;
    },
  };
}

/** The other side of it, which ends with the process that started it. */
export function answerQuestions<Questions>(answers: {
  [Name in keyof Questions]: (argument: string) => Questions[Name] | Promise<Questions[Name]>;
}): void {
  process.once('disconnect', () => process.exit());
  process.on('message', ({ id, name, argument = '' }: Question) => {
    void Promise.resolve(answers[name as keyof Questions](argument)).then((answer) => process.send?.({ id, answer }));
  });
}
