import { promisify } from 'node:util';
import {
  type ArgumentsHost,
  Catch,
  type ExceptionFilter,
  type ExecutionContext,
  HttpException,
  Logger,
} from '@nestjs/common';
import { AuthGuard } from '@nestjs/passport';
import type { Request, Response } from 'express';
import { type AuthenticateOptions, PasswordlessError } from 'passport-auth0-passwordless';

/** A step that failed. Without a filter Nest answers with its status and info, as JSON. */
export class LoginFailed extends HttpException {}

/** `@UseGuards(PasswordlessGuard(verify({ stage: 'code' })))` signs in, or throws `LoginFailed`. */
export function PasswordlessGuard(options: AuthenticateOptions) {
  return class extends AuthGuard('auth0-passwordless') {
    override getAuthenticateOptions() {
      return options;
    }

    override handleRequest<User>(error: unknown, user: User | false, info: object, _: unknown, status: number): User {
      if (error) throw error as Error;
      if (!user) throw new LoginFailed(info, status);
      return user;
    }

    override async canActivate(context: ExecutionContext) {
      await super.canActivate(context);
      const request = context.switchToHttp().getRequest<Request>();
      const { user } = request;
      // Nobody, where a code was only sent.
      if (!user) return true;
      // Not super.logIn, which knows nothing of these options.
      const { keepSessionInfo = false } = options;
      await promisify((done: (error: unknown) => void) => {
        request.logIn(user, { session: true, keepSessionInfo }, done);
      })();
      return true;
    }
  };
}

/** `@UseFilters(new FailureRedirect('/login/code'))`: what Passport's `failureRedirect` and `failureMessage` do elsewhere. */
@Catch(LoginFailed)
export class FailureRedirect implements ExceptionFilter<LoginFailed> {
  constructor(private readonly url: string) {}

  catch(failure: LoginFailed, host: ArgumentsHost) {
    const { message } = failure.getResponse() as { message: string };
    const session = host.switchToHttp().getRequest<Request>().session as { messages?: string[] };
    session.messages = [...(session.messages ?? []), message];
    host.switchToHttp().getResponse<Response>().redirect(this.url);
  }
}

/** `app.useGlobalFilters(new PasswordlessErrors())`: for errors, and for what `strategy.mfa` refuses. */
@Catch(PasswordlessError)
export class PasswordlessErrors implements ExceptionFilter<PasswordlessError> {
  private readonly logger = new Logger(PasswordlessErrors.name);

  catch({ code, status, message, stack }: PasswordlessError, host: ArgumentsHost) {
    if (status >= 500) this.logger.error(message, stack);
    const text = status < 500 ? message : 'Signing in does not work at the moment.';
    host.switchToHttp().getResponse<Response>().status(status).json({ code, message: text });
  }
}
