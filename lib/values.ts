export function isText(value: unknown): value is string {
  return typeof value === 'string' && value.trim() !== '';
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function hasMethod(value: unknown, member: string): boolean {
  return isObject(value) && typeof value[member] === 'function';
}

export function isWebURL(value: string): boolean {
  return URL.canParse(value) && /^https?:\/\//i.test(value);
}

/** @throws {TypeError} for an argument that is no text. */
export function requireText(value: unknown, what: string): void {
  if (!isText(value)) throw new TypeError(`${what} is required.`);
}
