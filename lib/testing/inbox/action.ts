import type { Context } from '../context.js';
import { html } from '../html.js';
import type { Parameters } from '../http.js';
import { notice } from '../page.js';
import type { Endpoint } from '../routes.js';
import { refusal } from './guard.js';

/** Wraps an endpoint of the inbox: it is for this machine's own pages and programs. */
export const guarded =
  (endpoint: Endpoint): Endpoint =>
  (context, request) => {
    const reason = refusal(request, context.domain);
    return reason === undefined ? endpoint(context, request) : notice(403, 'Refused', html`<p>${reason}</p>`);
  };

/**
 * What a form of the page does; then the browser is sent back to the section it was in. What the form names may be gone
 * since the page was drawn, and then nothing happens.
 *
 * A `TypeError`, which is what the tenant throws for a bad value, is shown.
 */
export const action = (section: string, act: (context: Context, form: Parameters) => void): Endpoint =>
  guarded((context, { body }) => {
    try {
      act(context, body);
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
      return notice(
        400,
        'Not possible',
        html`<p>${error.message}</p>
          <p><a href="/inbox">Back to the inbox</a></p>`,
      );
    }
    return { status: 303, headers: { location: `/inbox#${section}` } };
  });
