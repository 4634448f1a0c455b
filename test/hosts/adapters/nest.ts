import 'reflect-metadata';
import {
  All,
  type ArgumentsHost,
  Catch,
  Controller,
  type DynamicModule,
  type ExceptionFilter,
  HttpException,
  type MiddlewareConsumer,
  Req,
  type Type,
  UseFilters,
  UseGuards,
} from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { PassportStrategy } from '@nestjs/passport';
import { type NestExpressApplication } from '@nestjs/platform-express';
import type { Handler, Request, Response } from 'express';
import session from 'express-session';
import passport, { Passport } from 'passport';
import { PasswordlessStrategy, type RequestLike } from 'passport-auth0-passwordless';
import {
  jsonRoutes,
  errorResponse,
  type Host,
  type HostSetup,
  mfaRoutes,
  otherPages,
  pagesRoutes,
  pendingPage,
} from '../../support/host.js';
import { FailureRedirect, PasswordlessGuard } from '../recipes/nest.js';
import { SlowStore } from '../slow-stores.js';

/** Nest on Express, with a session middleware. */
function nestHost(name: string, keep: () => Handler[]): Host {
  const listen = async ({ options, verify, route, without, reached }: HostSetup) => {
    // @nestjs/passport uses the one instance that the module passport exports, and other tests have used it.
    Object.assign(passport, new Passport());
    passport.serializeUser((user, done) => {
      done(null, user);
    });
    passport.deserializeUser((user: Express.User, done) => {
      done(null, user);
    });

    class Strategy extends PassportStrategy(PasswordlessStrategy) {
      constructor() {
        super(options);
      }

      validate(...given: Parameters<typeof verify>) {
        return verify(...given);
      }
    }

    const signedIn = ({ user, authInfo: info }: Request) => ({ user, info });
    const module: DynamicModule = {
      module: class {
        constructor(private readonly strategy: PasswordlessStrategy) {}

        configure(consumer: MiddlewareConsumer) {
          for (const { path, handler } of mfaRoutes(this.strategy)) consumer.apply(handler).forRoutes(path);
        }
      },
      providers: [Strategy],
      controllers: [
        ...pagesRoutes(route).map(({ path, options }) => {
          const decorators = [UseGuards(PasswordlessGuard(options)), UseFilters(new FailureRedirect('/messages'))];
          return controller(path, decorators, (req) => {
            reached(path);
            return signedIn(req);
          });
        }),
        ...jsonRoutes(route).map(({ path, options }) =>
          controller(path, [UseGuards(PasswordlessGuard(options))], (req) =>
            req.user ? signedIn(req) : pendingPage(req as RequestLike, strategy()),
          ),
        ),
        ...['list', 'challenge', 'enroll'].map((step) =>
          controller(`/mfa/${step}`, [], (req) => (req as { mfa?: unknown }).mfa),
        ),
        ...otherPages.map(({ path, read }) => controller(path, [], (req) => read(req as RequestLike, strategy()))),
        controller('/me', [], ({ user = null }) => ({ user })),
      ],
    };
    Reflect.defineMetadata('design:paramtypes', [Strategy], module.module);

    const app = await NestFactory.create<NestExpressApplication>(module, {
      logger: false,
      abortOnError: false,
      bodyParser: without !== 'body parser',
    });
    const strategy = () => app.get<PasswordlessStrategy>(Strategy);
    app.set('trust proxy', true);
    app.useGlobalFilters(new Errors());
    if (without !== 'session') for (const handler of [...keep(), passport.session()]) app.use(handler);
    await app.listen(0, '127.0.0.1');
    return { strategy: strategy(), origin: await app.getUrl(), close: () => app.close() };
  };
  return { name, sessions: 'store', canForget: true, listen };
}

/** A controller with one handler, for every method. */
function controller(path: string, decorators: MethodDecorator[], handle: (req: Request) => unknown): Type {
  class OneRoute {}
  const descriptor: PropertyDescriptor = { value: handle };
  Object.defineProperty(OneRoute.prototype, 'handle', descriptor);
  for (const decorate of [All(path), ...decorators]) decorate(OneRoute.prototype, 'handle', descriptor);
  Req()(OneRoute.prototype, 'handle', 0);
  Controller()(OneRoute);
  return OneRoute;
}

@Catch()
class Errors implements ExceptionFilter {
  catch(error: unknown, host: ArgumentsHost) {
    const response = host.switchToHttp().getResponse<Response>();
    if (error instanceof HttpException) response.status(error.getStatus()).json(error.getResponse());
    else {
      const { status, body } = errorResponse(error);
      response.status(status).json(body);
    }
  }
}

export const nest = nestHost('Nest, express-session', () => [
  session({ secret: 'test', resave: false, saveUninitialized: false, store: new SlowStore() }),
]);
