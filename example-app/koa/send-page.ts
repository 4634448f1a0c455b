import { type Page, renderPage } from '../views/layout.js';
import type { Context } from './types.js';

/** Answers with a page. */
export function sendPage(ctx: Context, page: Page): void {
  ctx.type = 'html';
  ctx.body = renderPage(page, ctx.state.inboxURL);
}
