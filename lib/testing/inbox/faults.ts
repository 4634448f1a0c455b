import type { Context } from '../context.js';
import type { Fault } from '../faults.js';
import { html, type Html } from '../html.js';
import { action } from './action.js';
import { button, controls, form, section } from './parts.js';

const ENDPOINTS = [
  '/passwordless/start',
  '/otp/challenge',
  '/oauth/token',
  '/mfa/authenticators',
  '/mfa/challenge',
  '/mfa/associate',
  '/userinfo',
  '/oauth/revoke',
  '/v2/logout',
  '/oidc/logout',
  '/.well-known/jwks.json',
  '/.well-known/openid-configuration',
];

const error = (status: number, code: string, description: string, headers: Record<string, string> = {}) => ({
  status,
  headers,
  body: { error: code, error_description: description },
});

const gateway = (status: number, title: string) => ({
  status,
  body: `<!doctype html><title>${title}</title><h1>${title}</h1>`,
});

/** What may go wrong, by the value that a form has for it. */
const RESPONSES: Record<string, { label: string; respond: Fault['respond'] }> = {
  reset: { label: 'Cuts the connection', respond: 'reset' },
  timeout: { label: 'Never answers', respond: 'timeout' },
  truncate: { label: 'Breaks off its answer', respond: 'truncate' },
  'server-error': { label: '500, a fault of its own', respond: error(500, 'server_error', 'Internal Server Error') },
  'bad-gateway': { label: "502, a gateway's page", respond: gateway(502, 'Bad Gateway') },
  unavailable: { label: "503, a gateway's page", respond: gateway(503, 'Service Unavailable') },
  'rate-limited': {
    label: '429, too many: again after 30 s',
    respond: error(429, 'too_many_requests', 'Global limit has been reached', { 'retry-after': '30' }),
  },
  'wrong-secret': { label: '401, wrong client secret', respond: error(401, 'access_denied', 'Unauthorized') },
  action: { label: '500, an Action denies it', respond: error(500, 'access_denied', 'Not from here, not today.') },
  captcha: {
    label: '401, it wants a captcha',
    respond: error(401, 'requires_verification', 'Suspicious request requires verification'),
  },
};

const TIMES: [value: string, label: string][] = [
  ['1', 'once'],
  ['3', 'three times'],
  ['Infinity', 'until I undo it'],
];

export function faultSection({ faults }: Context): Html {
  const endpoints = ENDPOINTS.map((path) => option(path, path));
  const responses = Object.entries(RESPONSES).map(([value, { label }]) => option(value, label));
  return section('faults', 'Faults', [
    faults.armed.length === 0
      ? html`<p class="muted">Nothing will go wrong.</p>`
      : html`<ul>
          ${faults.armed.map(item)}
        </ul>`,
    controls([
      form('fault', [
        select('path', 'Endpoint', endpoints),
        select('respond', 'What it does at the next call', responses),
        select(
          'times',
          'How often',
          TIMES.map(([value, label]) => option(value, label)),
        ),
        html`<button class="main">Let it go wrong</button>`,
      ]),
    ]),
  ]);
}

function item({ id, fault: { path, respond }, left }: Context['faults']['armed'][number]): Html {
  const known = Object.values(RESPONSES).find((each) => each.respond === respond)?.label;
  const what = known ?? (typeof respond === 'string' ? respond : `Answers ${respond.status}`);
  const often = left === Infinity ? 'until it is undone' : left === 1 ? 'once' : `${left} times`;
  return html`<li id="fault-${id}" class="card head">
    <p><code>${path}</code><br />${what}, ${often}</p>
    ${form('undo', button('fault', id, 'Undo', `the fault of ${path}`))}
  </li>`;
}

const option = (value: string, label: string) => html`<option value="${value}">${label}</option>`;

const select = (name: string, label: string, options: Html[]) =>
  html`<label
    >${label}
    <select name="${name}">
      ${options}
    </select></label
  >`;

export const addFault = action('faults', ({ faults }, { path, respond, times }) => {
  const response = Object.hasOwn(RESPONSES, String(respond)) ? RESPONSES[String(respond)] : undefined;
  if (!response) throw new TypeError(`fault: respond must be one of ${Object.keys(RESPONSES).join(', ')}`);
  faults.add({ path: String(path), times: Number(times), respond: response.respond });
});

export const undoFault = action('faults', ({ faults }, { fault }) => {
  faults.undo(Number(fault));
});
