import type { Dispatcher } from 'undici';

/** A request as undici is asked for it; `signal` aborts as the strategy does. */
export type Asked = Omit<Dispatcher.RequestOptions, 'body'> & { body?: string | null };

/** What undici's `request` resolves to, as far as it matters. */
export interface Answered {
  statusCode: number;
  headers: Record<string, string | string[] | undefined>;
  body: AsyncIterable<Uint8Array> | Iterable<Uint8Array>;
}

/** An undici dispatcher for the strategy's option: `request` answers, or passes on to another one's `request`. */
export function dispatcherOf(request: (asked: Asked) => Promise<Answered>) {
  return {
    dispatch: (options: Asked, handler: Dispatcher.DispatchHandler): boolean => {
      const aborting = new AbortController();
      const controller = {
        abort: (reason: Error) => {
          aborting.abort(reason);
        },
      } as Dispatcher.DispatchController;
      handler.onRequestStart?.(controller, null);
      void answer().catch((error: unknown) => {
        handler.onResponseError?.(controller, error as Error);
      });
      return true;

      async function answer() {
        const { statusCode, headers, body } = await request({ ...options, signal: aborting.signal });
        handler.onResponseStart?.(controller, statusCode, headers);
        for await (const chunk of body) handler.onResponseData?.(controller, Buffer.from(chunk));
        handler.onResponseEnd?.(controller, {});
      }
    },
  };
}
