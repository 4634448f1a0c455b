/** What the endpoints take for an email address. */
export const EMAIL = /^[^\s@]+@[^\s@]+\.[^\s@]+$/;

/** E.164 as the endpoints take it: a plus sign and up to 15 digits. */
export const PHONE_NUMBER = /^\+[0-9]{1,15}$/;
