import { onTestFinished } from 'vitest';
import { createHttp, type HttpOptions, type HttpRequest, type HttpResponse } from '../../lib/auth0/http.js';

export function httpTo(origin: string, options: Partial<HttpOptions> = {}) {
  const http = createHttp({ origin, timeout: 20_000, telemetry: true, ...options });
  // Not awaited: it would wait for what a test left unanswered.
  onTestFinished(() => void http.close());
  const whole = (response: HttpResponse) => response;
  return { ...http, send: (request: HttpRequest) => http.send(request, whole) };
}
