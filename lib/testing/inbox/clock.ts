import type { Context } from '../context.js';
import { html, type Html } from '../html.js';
import type { Settings } from '../options.js';
import { action } from './action.js';
import { button, choice, controls, duration, form, section } from './parts.js';

/** On to the next code of an authenticator app, and past the lives of a code and of a second factor's. */
const steps = ({ codeTTL }: Settings): [seconds: number, label: string][] => [
  [30, '30 s'],
  [codeTTL + 1, `${codeTTL + 1} s`],
  [600, '10 min'],
  [3_600, '1 hour'],
  [86_400, '1 day'],
];
const YEAR = 365 * 86_400;

/** The tenant's time, what its tokens say of the time, and its keys. */
export async function clockSection({ clock, keys, settings }: Context): Promise<Html> {
  const now = clock.now();
  const ahead = Math.round(now - Date.now() / 1000);
  const { kid } = await keys.current();
  // So far back that a token has expired when it is issued, for more than what clients tolerate.
  const expired = -(settings.idTokenTTL + 3_600);
  const skew = (value: number, label: string) => ['skew', String(value), label, clock.skew === value] as const;
  const content = [
    html`<p>
      The tenant's time is <time>${new Date(now * 1000).toLocaleTimeString('en-GB')}</time>,
      ${ahead === 0 ? 'as on this machine' : `${duration(ahead)} ahead of this machine's`}. Your app keeps its own.
    </p>`,
    form(
      'clock',
      html`<fieldset>
        <legend>Move it on by</legend>
        ${steps(settings).map(([seconds, label]) => button('seconds', seconds, label))}
        ${ahead > 0 && button('seconds', 'reset', "Back to this machine's time")}
      </fieldset>`,
    ),
    form(
      'skew',
      choice('New tokens are stamped', [skew(0, 'Right'), skew(3_600, 'An hour ahead'), skew(expired, 'As expired')]),
    ),
    html`<p>Tokens are signed with the key <code>${kid.slice(0, 8)}…</code></p>`,
    form('keys', button('rotate', 'true', 'Rotate the keys')),
  ];
  return section('clock', 'Clock and keys', controls(content));
}

export const moveClock = action('clock', ({ clock }, { seconds }) => {
  if (seconds === 'reset') {
    clock.reset();
    return;
  }
  if (!(Number(seconds) <= YEAR)) throw new TypeError('seconds: a number from 0 to those of a year');
  clock.advance(Number(seconds));
});

export const setSkew = action('clock', ({ clock }, { skew }) => {
  if (!(Math.abs(Number(skew)) <= YEAR)) throw new TypeError('skew: a number of seconds, a year at most');
  clock.skew = Number(skew);
});

export const rotateKeys = action('clock', ({ keys }) => {
  keys.rotate();
});
