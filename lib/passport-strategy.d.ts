declare module 'passport-strategy' {
  export default class Strategy {
    authenticate(req: unknown, options?: unknown): void;
  }
}
