import { type Request, type Response, Router } from 'express';
import { type EnrollOptions, type FailureInfo, type Pending, verify } from 'passport-auth0-passwordless';
import { answerPage } from '../../views/answer.js';
import { choicePage } from '../../views/choice.js';
import { enrollmentPage } from '../../views/enrollment.js';
import type { Auth, OnFailure } from '../auth.js';
import { sendPage } from '../send-page.js';
import { setStatus, showForm, signedIn } from './sign-in.js';

/** The second step: choose a factor, or set one up, and answer what it asks. */
export function secondFactorRoutes({ strategy, step }: Auth): Router {
  const { mfa } = strategy;
  const router = Router();

  router.get('/login/mfa', async (req, res) => {
    const pending = await secondFactor(req);
    if (pending) sendPage(res, choicePage(req, await mfa.list(req), pending.mfa?.requirements));
    else res.redirect('/login');
  });

  router.post('/login/mfa/challenge', async (req, res) => {
    const { authenticator_id } = req.body as { authenticator_id: string };
    req.session.challenge = await mfa.challenge(req, { authenticatorId: authenticator_id });
    res.redirect(303, '/login/mfa/answer');
  });

  router.post('/login/mfa/enroll', async (req, res) => {
    const { type, phone_number } = req.body as { type: EnrollOptions['type']; phone_number?: string };
    const enrollment = await mfa.enroll(req, { type, phoneNumber: phone_number });
    const { secret, barcodeURI, recoveryCodes, ...challenge } = enrollment;
    req.session.challenge = challenge;
    // Here and now: the secret and the recovery codes are not kept.
    sendPage(res, enrollmentPage(req, enrollment));
  });

  router.get('/login/mfa/answer', async (req, res) => {
    if (!(await showAnswer(req, res))) res.redirect('/login');
  });
  router.post('/login/mfa/answer', step(verify({ stage: 'mfa' }), showAnswerOrForm), signedIn);

  return router;

  /** What is pending in this browser, if it is a second factor. */
  async function secondFactor(req: Request): Promise<Pending | undefined> {
    const pending = await strategy.pending(req);
    return pending?.stage === 'mfa' ? pending : undefined;
  }

  /** False where no second factor is pending. */
  async function showAnswer(req: Request, res: Response, failure?: FailureInfo): Promise<boolean> {
    if (!(await secondFactor(req))) return false;
    sendPage(res, answerPage(req, req.session.challenge, failure));
    return true;
  }

  async function showAnswerOrForm(...[req, res, failure, status]: Parameters<OnFailure>): Promise<void> {
    setStatus(res, failure, status);
    if (!(await showAnswer(req, res, failure))) await showForm(req, res, failure, status);
  }
}
