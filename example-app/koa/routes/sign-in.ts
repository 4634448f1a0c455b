import Router from '@koa/router';
import { type FailureInfo, resend, start, verify } from 'passport-auth0-passwordless';
import { safePath } from '../../safe-path.js';
import { readSignInForm } from '../../sign-in-form.js';
import { codePage } from '../../views/code.js';
import { type Failure, isOfAccount } from '../../views/failure.js';
import { linkPage } from '../../views/link.js';
import { newRecoveryCodePage } from '../../views/recovery-code.js';
import { signInPage } from '../../views/sign-in.js';
import type { Auth, OnFailure, OnSuccess } from '../auth.js';
import { sendPage } from '../send-page.js';
import type { Context, Middleware, Routes } from '../types.js';

/** Signing in: the form, the page after it (type the code, or open the link), resend, and where a link comes back. */
export function signInRoutes({ strategy, step }: Auth): Routes {
  const router: Routes = new Router();

  router.get('/login', (ctx) => {
    if (ctx.state.user) ctx.redirect('/');
    else sendPage(ctx, signInPage(ctx));
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

  router.get('/login/code', async (ctx) => {
    if (!(await showPending(ctx))) ctx.redirect('/login');
  });
  router.post('/login/code', step(verify({ stage: 'code', mfaRedirect: '/login/mfa' }), showPendingOrForm, signedIn));
  router.post(
    '/login/resend',
    step(resend({ pendingRedirect: '/login/code?again', mfaRedirect: '/login/mfa' }), showPendingOrForm),
  );
  // For a reload of what a failed resend showed.
  router.get('/login/resend', (ctx) => {
    ctx.redirect('/login/code');
  });

  router.get('/login/callback', step(verify({ mfaRedirect: '/login/mfa' }), showLinkFailure, signedIn));

  return router;

  /** False where nothing is pending in this browser. */
  async function showPending(ctx: Context, failure?: FailureInfo): Promise<boolean> {
    const pending = await strategy.pending(ctx);
    if (!pending) return false;
    if (pending.stage === 'mfa') ctx.redirect('/login/mfa');
    else sendPage(ctx, (pending.stage === 'code' ? codePage : linkPage)(ctx, pending, failure));
    return true;
  }

  async function showPendingOrForm(...[ctx, failure, status]: Parameters<OnFailure>): Promise<void> {
    setStatus(ctx, failure, status);
    if (isOfAccount(failure) || !(await showPending(ctx, failure))) sendPage(ctx, signInPage(ctx, failure));
  }
}

export const showForm: OnFailure = (ctx, failure, status) => {
  setStatus(ctx, failure, status);
  sendPage(ctx, signInPage(ctx, failure));
};

const showLinkFailure: OnFailure = (ctx, failure, status) => {
  // A link opened for the second time.
  if (ctx.state.user) ctx.redirect('/');
  else return showForm(ctx, failure, status);
};

const rememberForm: Middleware = (ctx, next) => {
  ctx.session.signInForm = readSignInForm(ctx.request.body);
  return next();
};

export const signedIn: OnSuccess = (ctx, { recoveryCode, ...signIn }) => {
  const returnTo = safePath(signIn.appState?.returnTo);
  ctx.session.signIn = signIn;
  if (recoveryCode !== undefined) {
    sendPage(ctx, newRecoveryCodePage(recoveryCode, returnTo));
  } else {
    ctx.status = 303;
    ctx.redirect(returnTo);
  }
};

export function setStatus(ctx: Context, { retryAfter }: Failure, status: number): void {
  ctx.status = status;
  if (retryAfter !== undefined) ctx.set('Retry-After', String(retryAfter));
}
