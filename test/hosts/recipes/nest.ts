import { type ArgumentsHost, Catch, type ExceptionFilter, type ExecutionContext, HttpException } from '@nestjs/common';
import { AuthGuard } from '@nestjs/passport';
import type { Request, Response } from 'express';
import { type AuthenticateOptions, PasswordlessError } from 'passport-auth0-passwordless';

/** `@UseGuards(PasswordlessGuard(verify({ stage: 'code' })))` signs in, and fails with the status and info of the strategy. */
export function PasswordlessGuard(options: AuthenticateOptions) {
  return class extends AuthGuard('auth0-passwordless') {
    override getAuthenticateOptions() {
      return options;
    }

    override handleRequest<User>(error: unknown, user: User | false, info: object, _: unknown, status: number): User {
      if (error) throw error as Error;
      if (!user) throw new HttpException(info, status);
      return user;
    }

    override async canActivate(context: ExecutionContext) {
      await super.canActivate(context);
      const request = context.switchToHttp().getRequest<Request>();
      // Nobody, where a code was only sent.
      if (request.user) await super.logIn(request);
      return true;
    }
  };
}

/** `@UseFilters(new FailureRedirect('/login/code'))`: what Passport's `failureRedirect` and `failureMessage` do elsewhere. */
@Catch(HttpException)
export class FailureRedirect implements ExceptionFilter<HttpException> {
  constructor(private readonly url: string) {}

  catch(exception: HttpException, host: ArgumentsHost) {
    const { message } = exception.getResponse() as { message: string };
    Object.assign(host.switchToHttp().getRequest<Request>().session, { messages: [message] });
    host.switchToHttp().getResponse<Response>().redirect(this.url);
  }
}

/** `app.useGlobalFilters(new PasswordlessErrors())`: for errors, and for what `strategy.mfa` refuses. */
@Catch(PasswordlessError)
export class PasswordlessErrors implements ExceptionFilter<PasswordlessError> {
  catch({ code, status, message }: PasswordlessError, host: ArgumentsHost) {
    const text = status < 500 ? message : 'Signing in does not work at the moment.';
    host.switchToHttp().getResponse<Response>().status(status).json({ code, message: text });
  }
}
