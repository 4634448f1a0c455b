import { type NextFunction, type Request, type RequestHandler, type Response, Router } from 'express';
import { type EnrollOptions, type FailureInfo, type PendingMfa, verify } from 'passport-auth0-passwordless';
import { isForUser } from '../../errors.js';
import { typedAddress } from '../../sign-in-form.js';
import { answerPage } from '../../views/answer.js';
import { choicePage } from '../../views/choice.js';
import { enrollmentPage } from '../../views/enrollment.js';
import { type Failure, isOfAccount } from '../../views/failure.js';
import type { Auth, OnFailure } from '../auth.js';
import { sendPage } from '../send-page.js';
import { setStatus, showForm, signedIn } from './sign-in.js';

/** The second step: choose a factor, or set one up, and answer what it asks. */
export function secondFactorRoutes({ strategy, step }: Auth): Router {
  const { mfa } = strategy;
  const router = Router();

  router.get('/login/mfa', async (req, res) => {
    if (!(await showChoice(req, res))) res.redirect('/login');
  });

  const challenge: RequestHandler = async (req, res) => {
    const { authenticator_id: authenticatorId } = req.body as { authenticator_id: string };
    const result = await mfa.challenge(req, { authenticatorId });
    req.session.challenge = { ...result, authenticatorId };
    res.redirect(303, '/login/mfa/answer');
  };
  router.post('/login/mfa/challenge', challenge, showChoiceAgain);

  const enroll: RequestHandler = async (req, res) => {
    const { type, phone_number } = req.body as { type: EnrollOptions['type']; phone_number?: string };
    req.session.phoneNumber = typedAddress(phone_number);
    const enrollment = await mfa.enroll(req, { type, phoneNumber: phone_number });
    const { secret, barcodeURI, recoveryCodes, ...result } = enrollment;
    req.session.challenge = result;
    // Here and now: the secret and the recovery codes are not kept.
    sendPage(res, enrollmentPage(req, enrollment));
  };
  router.post('/login/mfa/enroll', enroll, showChoiceAgain);

  // For a reload of what these two showed.
  router.get(['/login/mfa/challenge', '/login/mfa/enroll'], (_req, res) => {
    res.redirect('/login/mfa');
  });

  router.get('/login/mfa/answer', async (req, res) => {
    if (!(await showAnswer(req, res))) res.redirect('/login');
  });
  router.post('/login/mfa/answer', step(verify({ stage: 'mfa' }), showAnswerOrForm), signedIn);

  return router;

  /** What is pending in this browser, if it is a second factor. */
  async function secondFactor(req: Request): Promise<PendingMfa | undefined> {
    const pending = await strategy.pending(req);
    return pending?.stage === 'mfa' ? pending : undefined;
  }

  /** False where no second factor is pending. */
  async function showChoice(req: Request, res: Response, failure?: Failure): Promise<boolean> {
    const pending = await secondFactor(req);
    if (pending) sendPage(res, choicePage(req, await mfa.list(req), pending.mfa.requirements, failure));
    return pending !== undefined;
  }

  /** False where no second factor is pending. */
  async function showAnswer(req: Request, res: Response, failure?: FailureInfo): Promise<boolean> {
    if (!(await secondFactor(req))) return false;
    sendPage(res, answerPage(req, req.session.challenge, failure));
    return true;
  }

  /** What the user can mend is told where the choice is made; the rest is for the error handler in `app.ts`. */
  async function showChoiceAgain(error: unknown, req: Request, res: Response, next: NextFunction): Promise<void> {
    if (isForUser(error)) setStatus(res, error, error.status);
    if (!isForUser(error) || !(await showChoice(req, res, error))) next(error);
  }

  async function showAnswerOrForm(...[req, res, failure, status]: Parameters<OnFailure>): Promise<void> {
    setStatus(res, failure, status);
    if (isOfAccount(failure) || !(await showAnswer(req, res, failure))) await showForm(req, res, failure, status);
  }
}
