import { readFile } from 'node:fs/promises';
import { extname } from 'node:path';
import type { Middleware } from './types.js';

const PATHS = ['/forms.js', '/icon.svg', '/style.css'];

/** The files in `public/`, by name. An app with more of them wants koa-static, or has a proxy for it. */
export const publicFiles: Middleware = async (ctx, next) => {
  if (!PATHS.includes(ctx.path)) {
    await next();
    return;
  }
  ctx.set('Cache-Control', 'public, max-age=0');
  ctx.type = extname(ctx.path);
  ctx.body = await readFile(new URL(`../public${ctx.path}`, import.meta.url));
};
