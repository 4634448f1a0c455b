import { append, remember } from './bounded.js';

/** An email, an SMS or a voice call that the tenant "sent". */
export interface Message {
  /** Voice calls are for second factors only. */
  channel: 'email' | 'sms' | 'voice';
  to: string;
  code: string;
  /** The magic link, where the login was started with `send: 'link'`. It carries the same code. */
  link?: string;
  /** What `x-request-language` asked for, else the first language of `accept-language`. */
  language?: string;
  /** Epoch seconds of the tenant's clock. */
  at: number;
}

/** What the tenant "sent". */
export interface Inbox {
  /** The newest message to an email address or phone number. */
  latest(to: string): Message | undefined;
  /** The last 1,000 messages, newest last. */
  readonly messages: Message[];
}

const MESSAGES = 1_000;
const ADDRESSES = 100_000;

/** Until when a code is good, in the tenant's time; undefined for one that is used, superseded or tried too often. */
export type Expiry = () => number | undefined;

export interface Outbox extends Inbox {
  deliver(message: Message, expiry: Expiry): void;
  expiryOf(message: Message): ReturnType<Expiry>;
}

export function createInbox(): Outbox {
  const newest = new Map<string, Message>();
  const messages: Message[] = [];
  const expiries = new WeakMap<Message, Expiry>();
  return {
    messages,
    latest: (to) => newest.get(to.trim().toLowerCase()),
    expiryOf: (message) => expiries.get(message)?.(),
    deliver(message, expiry) {
      expiries.set(message, expiry);
      append(messages, message, MESSAGES);
      remember(newest, message.to, message, ADDRESSES);
    },
  };
}
