import type { Context } from '../context.js';
import { html, type Html } from '../html.js';
import type { Parameters } from '../http.js';
import { MFA_FACTORS, type MfaFactor } from '../mfa/factors.js';
import type { LiveSettings } from '../options.js';
import { changeSettings } from '../settings.js';
import { action } from './action.js';
import { choice, controls, form, section } from './parts.js';

const FACTORS: Record<MfaFactor, string> = {
  otp: 'Authenticator app',
  phone: 'SMS and calls',
  'push-notification': 'Push',
  email: 'Email',
  'recovery-code': 'Recovery codes',
};

/** The settings of the tenant by which a login goes another way: the same as `tenant.configure` changes. */
export function policySection({ settings, mfaByCode }: Context): Html {
  const { mfa, mfaFactors, disableSignup, allowMagicLinkWithoutSession: isOpen } = settings;
  const toggled = (factor: MfaFactor) =>
    MFA_FACTORS.filter((each) => mfaFactors.includes(each) !== (each === factor)).join(' ');
  const choices = [
    choice('Second factor', [
      ['mfa', 'never', 'Never', mfa === 'never'],
      ['mfa', 'always', 'Always', mfa === 'always'],
      // It may well be one of the two.
      ...(typeof mfaByCode === 'function' ? [['mfa', 'by-code', 'Set by the code', mfa === mfaByCode] as const] : []),
    ]),
    choice(
      'Factors that are switched on',
      MFA_FACTORS.map((factor) => ['mfaFactors', toggled(factor), FACTORS[factor], mfaFactors.includes(factor)]),
    ),
    choice('Addresses without a user', [
      ['disableSignup', 'false', 'Sign up', !disableSignup],
      ['disableSignup', 'true', 'Are refused', disableSignup],
    ]),
    choice('Links open', [
      ['allowMagicLinkWithoutSession', 'true', 'In any browser', isOpen],
      ['allowMagicLinkWithoutSession', 'false', 'With a session only', !isOpen],
    ]),
  ];
  const hint = html`<p class="muted">
    Links open only in a browser that has a session here. It gets one at
    <a href="/authorize" target="_blank" rel="noopener">/authorize</a>.
  </p>`;
  return section('policy', 'Policy', controls([form('policy', choices), ...(isOpen ? [] : [hint])]));
}

export const changePolicy = action('policy', (context, form) => {
  changeSettings(context.settings, changesIn(form, context));
});

/** Values that are none go on as they came, and are refused as every bad option is. */
function changesIn(form: Parameters, { mfaByCode }: Context): Partial<LiveSettings> {
  const entries = Object.entries(form).map(([name, value]): [string, unknown] => {
    if (name === 'mfa' && value === 'by-code') return [name, mfaByCode];
    if (name === 'mfaFactors') return [name, String(value).split(' ').filter(Boolean)];
    return [name, value === 'true' ? true : value === 'false' ? false : value];
  });
  return Object.fromEntries(entries);
}
