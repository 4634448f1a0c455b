/** A mutant that no test can notice: what becomes of the line on which it begins, and why that makes no difference. */
interface Survivor {
  line: string;
  from: string;
  to: string;
  why: string;
}

const TOLD_BEFORE = 'It is there, as was seen just before; TypeScript cannot tell.';
const UTF8 = 'UTF-8 is the default.';
const OF_ONE_STAGE = 'No other stage has it; TypeScript cannot tell.';
const OPENED_AGAIN = 'The same is opened once more: only time is lost.';

export const survivors: Record<string, Survivor[]> = {
  'lib/auth0/id-token.ts': [
    { line: "const key = createSecretKey(clientSecret, 'utf8');", from: "'utf8'", to: '""', why: UTF8 },
  ],
  'lib/flows/link.ts': [
    {
      line: "if (outcome.action !== 'fail' || !CODE_FAILURES.includes(outcome.code)) return outcome;",
      from: "outcome.action !== 'fail'",
      to: 'false',
      why: 'No other outcome has such a code; TypeScript cannot tell.',
    },
  ],
  'lib/flows/mfa.ts': [
    {
      line: "const { oobCode, channel = 'push', prompt } = challenge ?? {};",
      from: "'push'",
      to: '""',
      why: 'A challenge that asks for a code has a channel; TypeScript cannot tell.',
    },
  ],
  'lib/flows/new-transaction.ts': [
    {
      line: "ensure(Buffer.byteLength(json ?? '') <= MAX_APP_STATE, 'appState must be at most 1 kB of JSON.');",
      from: "''",
      to: '"Stryker was here!"',
      why: 'Without appState any short text will do.',
    },
  ],
  'lib/flows/push-polls.ts': [
    {
      line: 'if (this.polls.size > MAX_POLLS && oldest !== undefined) this.polls.delete(oldest);',
      from: 'oldest !== undefined',
      to: 'true',
      why: TOLD_BEFORE,
    },
  ],
  'lib/transaction/pending-logins.ts': [
    {
      line: 'if (!this.areHeldByClient || !(await this.load(req))?.some(isLive)) return undefined;',
      from: '(await this.load(req))?.some(isLive)',
      to: '(await this.load(req))?.every(isLive)',
      why: 'A client has no links, and so no more than one pending login.',
    },
    {
      line: 'if (opened && opened.sealed === sealed) return opened.transactions;',
      from: 'opened && opened.sealed === sealed',
      to: 'false',
      why: OPENED_AGAIN,
    },
    {
      line: 'last.set(req, { sealed, transactions });',
      from: '{ sealed, transactions }',
      to: '{}',
      why: OPENED_AGAIN,
    },
  ],
  'lib/transaction/seal.ts': [
    {
      line: "const HEADER = Buffer.from(JSON.stringify({ alg: 'dir', enc: 'A256GCM' })).toString('base64url');",
      from: "'base64url'",
      to: '""',
      why: 'Node refuses it as the module is loaded, so that no test can run; Stryker counts only tests that fail.',
    },
    {
      line: "const ciphertext = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);",
      from: "'utf8'",
      to: '""',
      why: UTF8,
    },
    {
      line: 'if (iv?.length !== 12 || tag?.length !== 16 || !ciphertext) return undefined;',
      from: 'iv?.length !== 12',
      to: 'false',
      why: 'GCM opens nothing with another iv, however long. Where there is none, there is no tag either.',
    },
    {
      line: "return decipher.update(ciphertext, undefined, 'utf8') + decipher.final('utf8');",
      from: "'utf8'",
      to: '""',
      why: 'Either of the two may be a Buffer: + makes a string of it, from UTF-8.',
    },
  ],
  'lib/transaction/session-store.ts': [
    {
      line: "if (typeof session.save === 'function') await called((callback) => session.save?.(callback));",
      from: 'session.save?.(callback)',
      to: 'session.save(callback)',
      why: TOLD_BEFORE,
    },
    {
      line: 'await called((callback) => session.regenerate?.(callback));',
      from: 'session.regenerate?.(callback)',
      to: 'session.regenerate(callback)',
      why: TOLD_BEFORE,
    },
  ],
  'lib/transaction/transaction.ts': [
    {
      line: "const organization = transaction.stage === 'link' ? transaction.organization : undefined;",
      from: "transaction.stage === 'link'",
      to: 'true',
      why: OF_ONE_STAGE,
    },
    {
      line: "return transaction.stage === 'code' && transaction.database !== undefined;",
      from: "transaction.stage === 'code'",
      to: 'true',
      why: OF_ONE_STAGE,
    },
    {
      line: "const [first = ''] = identifier.email;",
      from: "''",
      to: '"Stryker was here!"',
      why: 'No address is empty; TypeScript cannot tell.',
    },
  ],
};
