import {
  Controller,
  Get,
  HttpCode,
  Injectable,
  Module,
  Post,
  Redirect,
  Req,
  UseFilters,
  UseGuards,
} from '@nestjs/common';
import { PassportStrategy } from '@nestjs/passport';
import { NestFactory } from '@nestjs/core';
import type { Request } from 'express';
import session from 'express-session';
import passport from 'passport';
import { PasswordlessStrategy, type Profile, start, type Tokens, verify } from 'passport-auth0-passwordless';
import { FailureRedirect, PasswordlessErrors, PasswordlessGuard } from './nest.js';

@Injectable()
export class Auth0Strategy extends PassportStrategy(PasswordlessStrategy) {
  constructor() {
    const { AUTH0_DOMAIN = '', AUTH0_CLIENT_ID = '', AUTH0_CLIENT_SECRET = '' } = process.env;
    super({ domain: AUTH0_DOMAIN, clientID: AUTH0_CLIENT_ID, clientSecret: AUTH0_CLIENT_SECRET });
  }

  // Find or make your user here. Return nothing to refuse.
  validate(_tokens: Tokens, profile: Profile) {
    return { id: profile.id, name: profile.displayName };
  }
}

@Controller()
export class LoginController {
  @Post('/login')
  @UseGuards(PasswordlessGuard(start({ pendingRedirect: '/login/code' })))
  @UseFilters(new FailureRedirect('/login'))
  send() {
    // The guard has redirected.
  }

  @Post('/login/code')
  @UseGuards(PasswordlessGuard(verify({ stage: 'code' })))
  @UseFilters(new FailureRedirect('/login/code'))
  @Redirect('/')
  signIn() {
    // The guard has signed the user in.
  }

  // For a client that wants JSON: no filter, and the failure is the answer.
  @Post('/api/login/code')
  @HttpCode(200)
  @UseGuards(PasswordlessGuard(verify({ stage: 'code' })))
  signInByJSON(@Req() request: Request) {
    return { user: request.user, info: request.authInfo };
  }

  @Get('/')
  home(@Req() request: Request) {
    return { user: request.user ?? null };
  }
}

@Module({ providers: [Auth0Strategy], controllers: [LoginController] })
export class LoginModule {}

// PasswordlessErrors is for what strategy.mfa refuses, and for what no user can mend.
export async function createApp() {
  passport.serializeUser((user, done) => {
    done(null, user);
  });
  passport.deserializeUser((user: Express.User, done) => {
    done(null, user);
  });
  const { SESSION_SECRET = '' } = process.env;
  const app = await NestFactory.create(LoginModule);
  app.use(session({ secret: SESSION_SECRET, resave: false, saveUninitialized: false }), passport.session());
  app.useGlobalFilters(new PasswordlessErrors());
  return app;
}
