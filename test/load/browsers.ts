import { Pool } from 'undici';

/** What came back for one request; times are milliseconds since the epoch. */
export interface Answer {
  path: string;
  status: number;
  sentAt: number;
  answeredAt: number;
}

/** What became of the logins. */
export interface Tally {
  completed: number;
  /** Those that ended with somebody else's user, or in somebody else's session. */
  mixedUp: number;
  /** Those that did not end in a user: why. */
  lost: string[];
  answers: Answer[];
}

/** `transport_error` and `timeout`, after which the user may try again. */
const OUT_OF_REACH = [503, 504];

/** For an Auth0 that does not come back. */
const MAX_POSTS = 100;

export const PARALLEL = 256;

/** Browsers that sign in without a pause, each time as somebody else. */
export class Browsers {
  readonly tally: Tally = { completed: 0, mixedUp: 0, lost: [], answers: [] };
  private readonly pool: Pool;
  private users = 0;

  constructor(
    url: string,
    private readonly codeOf: (email: string) => Promise<string>,
  ) {
    // An app that does not answer within a minute has lost the request.
    this.pool = new Pool(url, { connections: PARALLEL, headersTimeout: 60_000, bodyTimeout: 60_000 });
  }

  /** So many more logins; `onLogin` is called after each, with how many there were. */
  async signIn(logins: number, onLogin?: (done: number) => void): Promise<void> {
    let left = logins;
    let done = 0;
    const browse = async () => {
      while (left > 0) {
        left -= 1;
        this.users += 1;
        await this.login(`user-${this.users}@example.com`);
        done += 1;
        onLogin?.(done);
      }
    };
    await Promise.all(Array.from({ length: PARALLEL }, browse));
  }

  close(): Promise<void> {
    return this.pool.close();
  }

  private async login(email: string): Promise<void> {
    const { tally } = this;
    const browser = new Browser(this.pool, tally.answers);
    const own = JSON.stringify({ email });
    try {
      const user = await browser.login(email, this.codeOf);
      if (user === own && (await browser.send('GET', '/me')).body === own) tally.completed += 1;
      else tally.mixedUp += 1;
    } catch (error) {
      tally.lost.push(String(error));
    }
  }
}

/** One browser during one login. */
class Browser {
  private cookie = '';
  private posts = 0;
  private wasOutOfReach = false;

  constructor(
    private readonly pool: Pool,
    private readonly answers: Answer[],
  ) {}

  /** Asks for a new code where Auth0 spent the old one and its answer came too late. */
  async login(email: string, codeOf: (email: string) => Promise<string>): Promise<string> {
    for (;;) {
      const started = await this.post('/login', { email });
      if (started.status !== 200) throw new Error(`start was answered with ${started.status}`);
      const signedIn = await this.post('/code', { otp: await codeOf(email) });
      if (signedIn.status === 200) return signedIn.body;
      if (signedIn.status !== 401 || !this.wasOutOfReach) {
        throw new Error(`verify was answered with ${signedIn.status}`);
      }
    }
  }

  /** Tries again while Auth0 is out of reach. */
  private async post(path: string, body: object) {
    for (;;) {
      this.posts += 1;
      if (this.posts > MAX_POSTS) throw new Error('the login came to no end');
      const answer = await this.send('POST', path, body);
      if (!OUT_OF_REACH.includes(answer.status)) return answer;
      this.wasOutOfReach = true;
    }
  }

  async send(method: 'GET' | 'POST', path: string, json?: object): Promise<{ status: number; body: string }> {
    const sentAt = Date.now();
    const { statusCode, headers, body } = await this.pool.request({
      method,
      path,
      headers: { cookie: this.cookie, ...(json && { 'content-type': 'application/json' }) },
      body: json ? JSON.stringify(json) : null,
    });
    const text = await body.text();
    this.answers.push({ path, status: statusCode, sentAt, answeredAt: Date.now() });
    const setCookie = headers['set-cookie'];
    if (setCookie !== undefined) this.cookie = String(setCookie).replace(/;.*/s, '');
    return { status: statusCode, body: text };
  }
}
