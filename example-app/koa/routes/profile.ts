import Router from '@koa/router';
import type { User } from '../../users.js';
import { claimsPage } from '../../views/claims.js';
import type { Page } from '../../views/layout.js';
import { profilePage } from '../../views/profile.js';
import { sendPage } from '../send-page.js';
import type { Context, Middleware, Routes } from '../types.js';

/** What only a signed-in user sees, and signing out. */
export function profileRoutes(): Routes {
  const router: Routes = new Router();
  router.get('/', signedInOnly(profilePage));
  router.get('/claims', signedInOnly(claimsPage));

  // A POST with a CSRF token, so that no other site can sign a user out. A link leaves a session at Auth0, too, which no
  // sign-in here uses: redirect to `strategy.auth0.logoutURL({ returnTo })` to end it.
  router.post('/logout', (ctx) => {
    // Not ctx.logout(): with koa-session it keeps whatever else the session holds.
    ctx.session = null;
    ctx.status = 303;
    ctx.redirect('/login?signedOut');
  });
  return router;
}

/** The page for a signed-in user; anyone else signs in first, and comes back. */
function signedInOnly(page: (user: User, ctx: Context) => Page): Middleware {
  return (ctx) => {
    const { user } = ctx.state;
    if (user) sendPage(ctx, page(user, ctx));
    else ctx.redirect(`/login?${new URLSearchParams({ returnTo: ctx.originalUrl }).toString()}`);
  };
}
