import type { LocalTenant } from 'passport-auth0-passwordless/testing';
import { call, postForm, type Answer } from './support.js';

/** The page as a browser gets it. */
export async function page(tenant: LocalTenant): Promise<string> {
  return (await call(tenant, '/inbox', { headers: { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' } })).text;
}

/** What is to be read on it, or in one section of it. */
export async function textOf(tenant: LocalTenant, section = ''): Promise<string> {
  const html = await page(tenant);
  const part = section === '' ? html : html.slice(html.indexOf(`<section id="${section}"`)).split('</section>')[0];
  return readable(part ?? '');
}

export const readable = (html: string): string =>
  html
    .replace(/<(style|script)[^>]*>.*?<\/\1>/gs, '')
    .replace(/<[^>]*>/g, ' ')
    .replace(/&#(\d+);/g, (_, code: string) => String.fromCharCode(Number(code)))
    .replace(/\s+/g, ' ')
    .trim();

/** Presses the first button that reads like this, as a browser without JavaScript does; `fields` are what was chosen. */
export async function press(tenant: LocalTenant, label: string, fields: Record<string, string> = {}): Promise<Answer> {
  const forms = [...(await page(tenant)).matchAll(/<form method="post" action="([^"]+)">(.*?)<\/form>/gs)];
  for (const [, action = '', content = ''] of forms) {
    const buttons = [...content.matchAll(/<button([^>]*)>(.*?)<\/button>/gs)];
    const button = buttons.find(([, , text = '']) => readable(text).startsWith(label));
    if (!button) continue;
    const inputs = content.match(/<input[^>]*>/g) ?? [];
    const named = [...inputs, button[1] ?? ''].map((tag) => [attribute(tag, 'name'), attribute(tag, 'value')]);
    const chosen = [...content.matchAll(/<select name="(\w+)">\s*<option value="([^"]*)"/g)].map((match) =>
      match.slice(1),
    );
    const sent = Object.fromEntries([...named, ...chosen].filter(([name]) => name !== '')) as Record<string, string>;
    return postForm(tenant, action, { ...sent, ...fields });
  }
  throw new Error(`No button reads ${label}.`);
}

const attribute = (tag: string, name: string) => new RegExp(`\\b${name}="([^"]*)"`).exec(tag)?.[1] ?? '';

/** Whether a button shows that it is pressed. */
export async function isPressed(tenant: LocalTenant, label: string): Promise<boolean> {
  const html = await page(tenant);
  const found = new RegExp(`aria-pressed="(true|false)"[^>]*>\\s*${label}`).exec(html);
  if (!found) throw new Error(`No button reads ${label}.`);
  return found[1] === 'true';
}
