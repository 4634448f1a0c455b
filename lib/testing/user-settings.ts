import { PHONE_NUMBER } from './addresses.js';
import { isFactorType } from './mfa/factors.js';
import type { Settings } from './options.js';
import type { User } from './users.js';

export function checkUsers({ users, connections }: Settings): void {
  if (!Array.isArray(users)) throw new TypeError('users: pass an array of users');
  for (const user of users) {
    const { email, phoneNumber, connection } = user;
    if (email === undefined && phoneNumber === undefined) {
      throw new TypeError('users: each one needs an email or a phoneNumber');
    }
    if (phoneNumber !== undefined && !PHONE_NUMBER.test(phoneNumber)) {
      throw new TypeError('users: a phoneNumber is a plus sign and up to 15 digits (E.164)');
    }
    if (
      connection !== undefined &&
      !connections.some((each) => each.name === connection && each.strategy === 'auth0')
    ) {
      throw new TypeError("users: a user's connection is the name of a database connection, of the strategy 'auth0'");
    }
    checkFactors(user);
  }
}

function checkFactors({ email, phoneNumber, factors = [] }: User): void {
  if (!Array.isArray(factors)) throw new TypeError("users: factors is an array, as in [{ type: 'otp' }]");
  for (const factor of factors) {
    const { type } = factor;
    if (!isFactorType(type)) {
      throw new TypeError("users: a factor's type is 'otp', 'sms', 'voice', 'email', 'push' or 'recovery-code'");
    }
    if (factor.type === 'email' && (factor.email ?? email) === undefined) {
      throw new TypeError("users: a factor by email needs an email, its own or the user's");
    }
    if ((factor.type === 'sms' || factor.type === 'voice') && (factor.phoneNumber ?? phoneNumber) === undefined) {
      throw new TypeError("users: a factor by SMS or voice needs a phoneNumber, its own or the user's");
    }
    if (factor.type === 'otp' && factor.secret !== undefined && !/^[A-Z2-7]{16,}$/i.test(factor.secret)) {
      throw new TypeError('users: the secret of a factor is base32, 16 characters or more');
    }
  }
}
