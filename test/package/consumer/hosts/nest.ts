// Nest and @nestjs/passport, as their own types have them.
import { type ExecutionContext, HttpException, Injectable } from '@nestjs/common';
import { AuthGuard, PassportStrategy } from '@nestjs/passport';
import type { Request } from 'express';
import {
  type ChallengeResult,
  type FailureInfo,
  type MfaRequiredInfo,
  PasswordlessStrategy,
  type Pending,
  type Profile,
  start,
  type Tokens,
  verify,
} from 'passport-auth0-passwordless';

const app = { domain: 'acme.eu.auth0.com', clientID: 'id', clientSecret: 'secret' };

@Injectable()
export class Login extends PassportStrategy(PasswordlessStrategy) {
  constructor() {
    super({ ...app, language: (req) => String(req.query.language) });
  }

  validate(tokens: Tokens, profile: Profile) {
    return { id: profile.id, since: tokens.claims.iat };
  }
}

@Injectable()
export class StaffLogin extends PassportStrategy(PasswordlessStrategy, 'staff') {
  constructor() {
    super({ ...app, name: 'staff', language: (req: Request) => req.acceptsLanguages()[0], passReqToCallback: true });
  }

  validate(req: Request, _tokens: Tokens, profile: Profile) {
    return { id: profile.id, host: req.hostname };
  }
}

@Injectable()
export class Begin extends AuthGuard('auth0-passwordless') {
  override getAuthenticateOptions() {
    return start({ pendingRedirect: '/login/code' });
  }
}

@Injectable()
export class Finish extends AuthGuard('auth0-passwordless') {
  override getAuthenticateOptions() {
    return verify({ stage: 'code' });
  }

  override handleRequest<User>(
    error: unknown,
    user: User | false,
    info: FailureInfo | MfaRequiredInfo | undefined,
    _context: ExecutionContext,
    status?: number,
  ): User {
    if (error) throw error as Error;
    if (!user) throw new HttpException({ code: info?.code, message: info?.message }, status ?? 401);
    return user;
  }
}

@Injectable()
export class Pages {
  constructor(private readonly login: Login) {}

  pending(req: Request): Promise<Pending | undefined> {
    return this.login.pending(req);
  }

  challenge(req: Request): Promise<ChallengeResult> {
    return this.login.mfa.challenge(req, { authenticatorId: 'sms|dev_1' });
  }
}
