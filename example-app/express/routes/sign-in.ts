import { type Request, type RequestHandler, type Response, Router } from 'express';
import { type FailureInfo, resend, start, verify } from 'passport-auth0-passwordless';
import { safePath } from '../../safe-path.js';
import { readSignInForm } from '../../sign-in-form.js';
import { codePage } from '../../views/code.js';
import { type Failure, isOfAccount } from '../../views/failure.js';
import { linkPage } from '../../views/link.js';
import { newRecoveryCodePage } from '../../views/recovery-code.js';
import { signInPage } from '../../views/sign-in.js';
import type { Auth, OnFailure } from '../auth.js';
import { sendPage } from '../send-page.js';

/** Signing in: the form, the page after it (type the code, or open the link), resend, and where a link comes back. */
export function signInRoutes({ strategy, step }: Auth): Router {
  const router = Router();

  router.get('/login', (req, res) => {
    if (req.user) res.redirect('/');
    else sendPage(res, signInPage(req));
  });
  router.post(
    '/login',
    rememberForm,
    step(
      start({
        send: (req) => (req.body?.send === 'link' ? 'link' : 'code'),
        appState: (req) => ({ returnTo: safePath(req.body?.returnTo) }),
        pendingRedirect: '/login/code',
      }),
      showForm,
    ),
  );

  router.get('/login/code', async (req, res) => {
    if (!(await showPending(req, res))) res.redirect('/login');
  });
  router.post('/login/code', step(verify({ stage: 'code', mfaRedirect: '/login/mfa' }), showPendingOrForm), signedIn);
  router.post(
    '/login/resend',
    step(resend({ pendingRedirect: '/login/code?again', mfaRedirect: '/login/mfa' }), showPendingOrForm),
  );
  // For a reload of what a failed resend showed.
  router.get('/login/resend', (_req, res) => {
    res.redirect('/login/code');
  });

  router.get('/login/callback', step(verify({ mfaRedirect: '/login/mfa' }), showLinkFailure), signedIn);

  return router;

  /** False where nothing is pending in this browser. */
  async function showPending(req: Request, res: Response, failure?: FailureInfo): Promise<boolean> {
    const pending = await strategy.pending(req);
    if (!pending) return false;
    if (pending.stage === 'mfa') res.redirect('/login/mfa');
    else sendPage(res, (pending.stage === 'code' ? codePage : linkPage)(req, pending, failure));
    return true;
  }

  async function showPendingOrForm(...[req, res, failure, status]: Parameters<OnFailure>): Promise<void> {
    setStatus(res, failure, status);
    if (isOfAccount(failure) || !(await showPending(req, res, failure))) sendPage(res, signInPage(req, failure));
  }
}

export const showForm: OnFailure = (req, res, failure, status) => {
  setStatus(res, failure, status);
  sendPage(res, signInPage(req, failure));
};

const showLinkFailure: OnFailure = (req, res, failure, status) => {
  // A link opened for the second time.
  if (req.user) res.redirect('/');
  else return showForm(req, res, failure, status);
};

const rememberForm: RequestHandler = (req, _res, next) => {
  req.session.signInForm = readSignInForm(req.body);
  next();
};

export const signedIn: RequestHandler = (req, res, next) => {
  const { recoveryCode, ...signIn } = req.authInfo ?? ({} as Express.AuthInfo);
  const returnTo = safePath(signIn.appState?.returnTo);
  req.session.signIn = signIn;
  // Before the answer: the browser could be faster than a session store.
  req.session.save((error: unknown) => {
    if (error) next(error);
    else if (recoveryCode !== undefined) sendPage(res, newRecoveryCodePage(recoveryCode, returnTo));
    else res.redirect(303, returnTo);
  });
};

export function setStatus(res: Response, { retryAfter }: Failure, status: number): void {
  res.status(status);
  if (retryAfter !== undefined) res.set('Retry-After', String(retryAfter));
}
