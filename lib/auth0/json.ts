/** A JSON object, of a request or an answer. */
export type Body = Record<string, unknown>;

/** The value of JSON text; undefined where it is none. */
export function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
