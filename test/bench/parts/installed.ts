import { execFileSync } from 'node:child_process';
import { createProject, dependencies } from '../../package/packed.js';
import type { Plan } from '../plan.js';
import { ratio, type Row } from '../rows.js';
import { median, summarize } from '../statistics.js';

const NAME = 'passport-auth0-passwordless';

/** The package as npm packs and installs it: its size, and what its import takes in a new process. */
export function installed({ imports }: Plan): Row[] {
  const project = createProject();
  try {
    project.install();
    const sizes = project.installed();
    const packages = [NAME, ...dependencies];
    const kilobytes = packages.map((name) => sizes[name] ?? NaN);
    const megabytes = kilobytes.reduce((sum, each) => sum + each, 0) / 1000;

    const time = (...modules: string[]) => importTime(project.directory, modules);
    const times = { ours: [] as number[], theirs: [] as number[] };
    for (let pair = 0; pair < imports; pair += 1) {
      for (const whose of pair % 2 === 0 ? (['ours', 'theirs'] as const) : (['theirs', 'ours'] as const)) {
        times[whose].push(whose === 'ours' ? time(NAME) : time(...dependencies));
      }
    }
    const [ours, theirs] = [median(times.ours), median(times.theirs)].map(Math.round);
    const parts = [['undici'], ['jose'], JOSE, ['passport-strategy']].map((modules) => {
      const all = Array.from({ length: Math.ceil(imports / 2) }, () => time(...modules));
      return Math.round(median(all));
    });
    const [undici, jose, subpaths, base] = parts;
    return [
      ratio(
        `import (${ours} ms) / undici, jose and passport-strategy (${theirs} ms)`,
        summarize(times.ours.map((each, index) => each / (times.theirs[index] ?? NaN))),
        1,
      ),
      {
        what: 'imported alone, milliseconds: undici; jose; what is imported of jose; passport-strategy',
        goal: '',
        measured: [undici, jose, subpaths, base].join('; '),
      },
      {
        what: `installed size, of ${packages.length - 1} packages and this one (${Math.round(kilobytes[0] ?? NaN)} kB)`,
        goal: 'at most 2.4 MB',
        measured: `${megabytes.toFixed(2)} MB`,
        isMet: megabytes <= 2.4,
      },
    ];
  } finally {
    project.remove();
  }
}

/** What the package imports of it. */
const JOSE = ['jose/jwt/verify', 'jose/jwt/sign', 'jose/jwks/local', 'jose/errors'];

/** Milliseconds in a process that has imported nothing yet. */
function importTime(cwd: string, modules: string[]): number {
  const script = `
    const from = performance.now();
    for (const name of ${JSON.stringify(modules)}) await import(name);
    console.log(performance.now() - from);`;
  return Number(execFileSync(process.execPath, ['--input-type=module', '--eval', script], { cwd, encoding: 'utf8' }));
}
