import { type EnrollOptions, type FailureInfo, type Pending, verify } from 'passport-auth0-passwordless';
import { answerPage } from '../../views/answer.js';
import { choicePage } from '../../views/choice.js';
import { enrollmentPage } from '../../views/enrollment.js';
import type { Auth, OnFailure } from '../auth.js';
import type { Routes } from '../router.js';
import { sendPage } from '../send-page.js';
import type { Context } from '../types.js';
import { setStatus, showForm, signedIn } from './sign-in.js';

/** The second step: choose a factor, or set one up, and answer what it asks. */
export function secondFactorRoutes({ strategy, step }: Auth): Routes {
  const { mfa } = strategy;

  return {
    'GET /login/mfa': async (ctx) => {
      const pending = await secondFactor(ctx);
      if (pending) sendPage(ctx, choicePage(ctx, await mfa.list(ctx), pending.mfa?.requirements));
      else ctx.redirect('/login');
    },

    'POST /login/mfa/challenge': async (ctx) => {
      const { authenticator_id } = ctx.request.body as { authenticator_id: string };
      ctx.session.challenge = await mfa.challenge(ctx, { authenticatorId: authenticator_id });
      ctx.status = 303;
      ctx.redirect('/login/mfa/answer');
    },

    'POST /login/mfa/enroll': async (ctx) => {
      const { type, phone_number } = ctx.request.body as { type: EnrollOptions['type']; phone_number?: string };
      const enrollment = await mfa.enroll(ctx, { type, phoneNumber: phone_number });
      const { secret, barcodeURI, recoveryCodes, ...challenge } = enrollment;
      ctx.session.challenge = challenge;
      // Here and now: the secret and the recovery codes are not kept.
      sendPage(ctx, enrollmentPage(ctx, enrollment));
    },

    'GET /login/mfa/answer': async (ctx) => {
      if (!(await showAnswer(ctx))) ctx.redirect('/login');
    },
    'POST /login/mfa/answer': step(verify({ stage: 'mfa' }), showAnswerOrForm, signedIn),
  };

  /** What is pending in this browser, if it is a second factor. */
  async function secondFactor(ctx: Context): Promise<Pending | undefined> {
    const pending = await strategy.pending(ctx);
    return pending?.stage === 'mfa' ? pending : undefined;
  }

  /** False where no second factor is pending. */
  async function showAnswer(ctx: Context, failure?: FailureInfo): Promise<boolean> {
    if (!(await secondFactor(ctx))) return false;
    sendPage(ctx, answerPage(ctx, ctx.session.challenge, failure));
    return true;
  }

  async function showAnswerOrForm(...[ctx, failure, status]: Parameters<OnFailure>): Promise<void> {
    setStatus(ctx, failure, status);
    if (!(await showAnswer(ctx, failure))) await showForm(ctx, failure, status);
  }
}
