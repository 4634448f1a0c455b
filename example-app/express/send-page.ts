import type { Response } from 'express';
import { type Page, renderPage } from '../views/layout.js';

/** Answers with a page. */
export function sendPage(res: Response, page: Page): void {
  res.type('html').send(renderPage(page, res.app.locals.inboxURL));
}
