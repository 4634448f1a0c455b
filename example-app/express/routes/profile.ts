import { type Request, type RequestHandler, Router } from 'express';
import type { User } from '../../users.js';
import { claimsPage } from '../../views/claims.js';
import type { Page } from '../../views/layout.js';
import { profilePage } from '../../views/profile.js';
import { sendPage } from '../send-page.js';

/** What only a signed-in user sees, and signing out. */
export function profileRoutes(): Router {
  const router = Router();
  router.get('/', signedInOnly(profilePage));
  router.get('/claims', signedInOnly(claimsPage));

  // A POST with a CSRF token, so that no other site can sign a user out. A link leaves a session at Auth0, too, which no
  // sign-in here uses: redirect to `strategy.auth0.logoutURL({ returnTo })` to end it.
  router.post('/logout', (req, res, next) => {
    req.logout((error: unknown) => {
      if (error) next(error);
      else res.redirect(303, '/login?signedOut');
    });
  });
  return router;
}

/** The page for a signed-in user; anyone else signs in first, and comes back. */
function signedInOnly(page: (user: User, req: Request) => Page): RequestHandler {
  return (req, res) => {
    if (req.user) sendPage(res, page(req.user, req));
    else res.redirect(`/login?${new URLSearchParams({ returnTo: req.originalUrl }).toString()}`);
  };
}
