import { generateKeyPair } from 'node:crypto';
import { promisify } from 'node:util';

const generate = () => promisify(generateKeyPair)('rsa', { modulusLength: 2048 });

const [one, two, three] = await Promise.all([generate(), generate(), generate()]);

/** RSA key pairs, generated once for all files, since that is slow. */
export const rsaKeys = { one, two, three };
