import Router from '@koa/router';
import type { Next } from 'koa';
import { type EnrollOptions, type FailureInfo, type PendingMfa, verify } from 'passport-auth0-passwordless';
import { isForUser } from '../../errors.js';
import { typedAddress } from '../../sign-in-form.js';
import { answerPage } from '../../views/answer.js';
import { choicePage } from '../../views/choice.js';
import { enrollmentPage } from '../../views/enrollment.js';
import { type Failure, isOfAccount } from '../../views/failure.js';
import type { Auth, OnFailure } from '../auth.js';
import { sendPage } from '../send-page.js';
import type { Context, Routes } from '../types.js';
import { setStatus, showForm, signedIn } from './sign-in.js';

/** The second step: choose a factor, or set one up, and answer what it asks. */
export function secondFactorRoutes({ strategy, step }: Auth): Routes {
  const { mfa } = strategy;

  const router: Routes = new Router();

  router.get('/login/mfa', async (ctx) => {
    if (!(await showChoice(ctx))) ctx.redirect('/login');
  });

  router.post('/login/mfa/challenge', showChoiceAgain, async (ctx) => {
    const { authenticator_id: authenticatorId } = ctx.request.body as { authenticator_id: string };
    const challenge = await mfa.challenge(ctx, { authenticatorId });
    ctx.session.challenge = { ...challenge, authenticatorId };
    ctx.status = 303;
    ctx.redirect('/login/mfa/answer');
  });

  router.post('/login/mfa/enroll', showChoiceAgain, async (ctx) => {
    const { type, phone_number } = ctx.request.body as { type: EnrollOptions['type']; phone_number?: string };
    ctx.session.phoneNumber = typedAddress(phone_number);
    const enrollment = await mfa.enroll(ctx, { type, phoneNumber: phone_number });
    const { secret, barcodeURI, recoveryCodes, ...challenge } = enrollment;
    ctx.session.challenge = challenge;
    // Here and now: the secret and the recovery codes are not kept.
    sendPage(ctx, enrollmentPage(ctx, enrollment));
  });

  // For a reload of what these two showed.
  router.get(['/login/mfa/challenge', '/login/mfa/enroll'], (ctx) => {
    ctx.redirect('/login/mfa');
  });

  router.get('/login/mfa/answer', async (ctx) => {
    if (!(await showAnswer(ctx))) ctx.redirect('/login');
  });
  router.post('/login/mfa/answer', step(verify({ stage: 'mfa' }), showAnswerOrForm, signedIn));

  return router;

  /** What is pending in this browser, if it is a second factor. */
  async function secondFactor(ctx: Context): Promise<PendingMfa | undefined> {
    const pending = await strategy.pending(ctx);
    return pending?.stage === 'mfa' ? pending : undefined;
  }

  /** False where no second factor is pending. */
  async function showChoice(ctx: Context, failure?: Failure): Promise<boolean> {
    const pending = await secondFactor(ctx);
    if (pending) sendPage(ctx, choicePage(ctx, await mfa.list(ctx), pending.mfa.requirements, failure));
    return pending !== undefined;
  }

  /** What the user can mend is told where the choice is made; the rest is for the app's error pages. */
  async function showChoiceAgain(ctx: Context, next: Next): Promise<void> {
    try {
      await next();
    } catch (error) {
      if (isForUser(error)) setStatus(ctx, error, error.status);
      if (!isForUser(error) || !(await showChoice(ctx, error))) throw error;
    }
  }

  /** False where no second factor is pending. */
  async function showAnswer(ctx: Context, failure?: FailureInfo): Promise<boolean> {
    if (!(await secondFactor(ctx))) return false;
    sendPage(ctx, answerPage(ctx, ctx.session.challenge, failure));
    return true;
  }

  async function showAnswerOrForm(...[ctx, failure, status]: Parameters<OnFailure>): Promise<void> {
    setStatus(ctx, failure, status);
    if (isOfAccount(failure) || !(await showAnswer(ctx, failure))) await showForm(ctx, failure, status);
  }
}
