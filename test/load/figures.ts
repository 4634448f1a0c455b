import type { Answer } from './browsers.js';
import type { Run } from './run.js';
import { atLeast, atMost, exactly, type Figure, format, shown } from './table.js';

/** The pool's bound, as in lib/auth0/http.ts. */
const CONNECTIONS = 160;
/** Milliseconds after which everything has to be as before. */
const RECOVERY = 1_000;

export const loadFigures = (run: Run): Figure[] => [
  ...logins(run),
  shown('logins a second', format(run.plan.logins / ((run.logins.to - run.logins.from) / 1000))),
  exactly('requests to Auth0: two a login, and one for the keys', run.after.calls.made, 2 * total(run) + 1),
  ...resources(run),
];

export const stallFigures = (run: Run, judgesSpeed: boolean): Figure[] => [
  ...logins(run),
  ...stall(run, judgesSpeed),
  ...resources(run),
];

const total = ({ plan }: Run) => plan.warmUp + plan.logins;

const isSuccess = ({ status }: Answer) => status === 200;

function logins(run: Run): Figure[] {
  const { completed, mixedUp, lost, answers } = run.tally;
  // 503 and 504 say that Auth0 is out of reach; 401 that it took the code, and its answer came too late.
  const allowed = run.plan.stall === undefined ? [] : [401, 503, 504];
  const unexpected = answers.filter((answer) => !isSuccess(answer) && !allowed.includes(answer.status));
  return [
    exactly('logins that ended with their own user', completed, total(run)),
    exactly("logins that ended with somebody else's", mixedUp, 0),
    exactly(`logins lost${lost[0] ? `: ${lost[0]}` : ''}`, lost.length, 0),
    exactly(`answers other than success${allowed.length > 0 ? ', 503, 504 and 401' : ''}`, unexpected.length, 0),
  ];
}

function stall({ tally, stalled, plan, logins }: Run, judgesSpeed: boolean): Figure[] {
  if (!stalled) throw new Error('The tenant did not stall.');
  const { from, to } = stalled;
  // Connecting 256 browsers to an app that has just started takes its time, too.
  const answers = tally.answers.filter(({ sentAt }) => sentAt >= logins.from);
  const failed = answers.filter((answer) => !isSuccess(answer));
  const count = (status: number) => failed.filter((answer) => answer.status === status).length;
  const longestWait = Math.max(...answers.map(({ sentAt, answeredAt }) => answeredAt - sentAt));
  const failedLate = failed.filter(({ sentAt }) => sentAt > to + RECOVERY).length;
  const steps = answers.filter((answer) => answer.path !== '/me' && isSuccess(answer));
  const rate = (begin: number, end: number) => {
    const { length } = steps.filter(({ answeredAt }) => answeredAt >= begin && answeredAt < end);
    return format(length / ((end - begin) / 1000));
  };
  const judged = (figure: Figure) => (judgesSpeed ? figure : shown(figure.what, figure.measured));
  return [
    shown('the tenant stalls for', format(to - from, 'ms')),
    atLeast('calls that timed out (504)', count(504), 1),
    shown('calls that failed otherwise (503)', format(count(503))),
    shown('codes that Auth0 spent without being heard (401)', format(count(401))),
    judged(atMost('longest wait for an answer', longestWait, plan.timeout + 1_000, 'ms')),
    judged(exactly('failures of what is sent a second after it, or later', failedLate, 0)),
    shown('starts and logins a second before it', rate(logins.from, from)),
    shown('starts and logins in the first second after it', rate(to, to + RECOVERY)),
    shown('starts and logins a second from then on', rate(to + RECOVERY, logins.to)),
  ];
}

function resources({ before, after, left }: Run): Figure[] {
  const growth = (after.heap / before.heap - 1) * 100;
  const megabytes = [before.heap, after.heap].map((bytes) => format(bytes / 1e6, 'MB')).join(', then ');
  const kinds = [...new Set(left.resources)].join(', ');
  return [
    atMost('most connections to Auth0 at once', after.sockets.most, CONNECTIONS),
    exactly('requests to Auth0 under way in the end', after.calls.underWay, 0),
    exactly('timers in the end', after.timers, 0),
    atMost(`growth of the heap after the warm-up (${megabytes})`, growth, 10, '%'),
    exactly('connections to Auth0 once all is closed', left.sockets, 0),
    exactly(`what else keeps the process alive then${kinds ? `: ${kinds}` : ''}`, left.resources.length, 0),
  ];
}
