import { createHmac } from 'node:crypto';

/** Seconds for which a code is shown. */
export const PERIOD = 30;

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** RFC 4648, section 6, without padding: how authenticator apps take a secret. */
export function base32(bytes: Uint8Array): string {
  const bits = Array.from(bytes, (byte) => byte.toString(2).padStart(8, '0')).join('');
  return (bits.match(/.{1,5}/g) ?? []).map((group) => ALPHABET.charAt(parseInt(group.padEnd(5, '0'), 2))).join('');
}

function base32Decode(text: string): Buffer {
  const bits = Array.from(text.toUpperCase(), (character) => {
    const value = ALPHABET.indexOf(character);
    return value < 0 ? '' : value.toString(2).padStart(5, '0');
  }).join('');
  return Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => parseInt(byte, 2)));
}

/** How many steps a client's clock may differ by. */
const WINDOW = 1;

export const stepAt = (seconds: number): number => Math.floor(seconds / PERIOD);

/** The six digits of a time step (RFC 6238, with SHA-1): RFC 4226's HOTP with the step as its counter. */
export function totp(secret: string, step: number): string {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(step));
  const mac = createHmac('sha1', base32Decode(secret)).update(counter).digest();
  const offset = mac.readUInt8(mac.length - 1) & 0xf;
  const truncated = mac.readUInt32BE(offset) & 0x7fffffff;
  return String(truncated % 1_000_000).padStart(6, '0');
}

/** The step a code belongs to: the current one, or one before or after it, since clocks differ (RFC 6238, section 5.2). */
export function matchingStep(secret: string, code: string, seconds: number): number | undefined {
  const now = stepAt(seconds);
  return [now, now - WINDOW, now + WINDOW].find((step) => totp(secret, step) === code);
}

/**
 * Whether a step's code, or a later one, was taken. One that was taken further ahead than the window reaches says that
 * the clock was reset since.
 */
export const isSpent = (step: number, used = -Infinity): boolean => step <= used && used - step <= 2 * WINDOW;
