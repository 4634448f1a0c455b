import { type Request, type RequestHandler, type Response, Router } from 'express';
import { type FailureInfo, resend, start, verify } from 'passport-auth0-passwordless';
import type { Auth, OnFailure } from '../auth.js';
import { safePath } from '../safe-path.js';
import { codePage } from '../views/code.js';
import { sendPage } from '../views/layout.js';
import { linkPage } from '../views/link.js';
import { signInPage } from '../views/sign-in.js';

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
        send: (req) => (req.body.send === 'link' ? 'link' : 'code'),
        appState: (req) => ({ returnTo: safePath(req.body.returnTo) }),
        pendingRedirect: '/login/code',
      }),
      showForm,
    ),
  );

  router.get('/login/code', async (req, res) => {
    if (!(await showPending(req, res))) res.redirect('/login');
  });
  router.post('/login/code', step(verify({ stage: 'code' }), showPendingOrForm), signedIn);
  router.post('/login/resend', step(resend({ pendingRedirect: '/login/code?again' }), showPendingOrForm));
  // For a reload of what a failed resend showed.
  router.get('/login/resend', (_req, res) => {
    res.redirect('/login/code');
  });

  router.get('/login/callback', step(verify(), showLinkFailure), signedIn);

  return router;

  /** False where nothing is pending in this browser. */
  async function showPending(req: Request, res: Response, failure?: FailureInfo): Promise<boolean> {
    const pending = await strategy.pending(req);
    if (!pending) return false;
    const page = pending.stage === 'code' ? codePage : linkPage;
    sendPage(res, page(req, pending, failure));
    return true;
  }

  async function showPendingOrForm(...[req, res, failure, status]: Parameters<OnFailure>): Promise<void> {
    setStatus(res, failure, status);
    if (!(await showPending(req, res, failure))) sendPage(res, signInPage(req, failure));
  }
}

const showForm: OnFailure = (req, res, failure, status) => {
  setStatus(res, failure, status);
  sendPage(res, signInPage(req, failure));
};

const showLinkFailure: OnFailure = (req, res, failure, status) => {
  // A link opened for the second time.
  if (req.user) res.redirect('/');
  else return showForm(req, res, failure, status);
};

const rememberForm: RequestHandler = (req, _res, next) => {
  const { email, phone_number, returnTo } = req.body as Record<string, unknown>;
  const address = phone_number ?? email;
  req.session.signInForm = {
    by: phone_number === undefined ? 'email' : 'phone',
    address: typeof address === 'string' ? address.slice(0, 320) : '',
    returnTo: safePath(returnTo),
  };
  next();
};

const signedIn: RequestHandler = (req, res, next) => {
  const { authInfo } = req;
  req.session.signIn = authInfo;
  // Before the redirect: the browser could be faster than a session store.
  req.session.save((error: unknown) => {
    if (error) next(error);
    else res.redirect(303, safePath(authInfo?.appState?.returnTo));
  });
};

function setStatus(res: Response, { retryAfter }: FailureInfo, status: number): void {
  res.status(status);
  if (retryAfter !== undefined) res.set('Retry-After', String(retryAfter));
}
