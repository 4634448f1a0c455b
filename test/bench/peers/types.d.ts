declare module 'passport-auth0' {
  interface Options {
    domain: string;
    clientID: string;
    clientSecret: string;
    callbackURL: string;
  }
  type Done = (error: unknown, user?: object) => void;
  type Verify = (
    accessToken: string,
    refreshToken: string | undefined,
    params: object,
    profile: { id: string },
    done: Done,
  ) => void;

  export default class Strategy {
    constructor(options: Options, verify: Verify);
    name: string;
    authenticate(req: object, options?: object): void;
  }
}
