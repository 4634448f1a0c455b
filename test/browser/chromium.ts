import { existsSync } from 'node:fs';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Browser, chromium } from 'playwright-core';

// Inside node_modules, so that `npm ci` removes it with the package that it comes from.
const FOLDER = fileURLToPath(new URL('node_modules/.chromium', import.meta.url));

const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  // No request leaves this machine.
  '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1',
];

/** The Chromium that CHROMIUM_PATH names, or the one from npm with libraries and fonts of its own. */
export function launchOptions() {
  const { CHROMIUM_PATH } = process.env;
  if (CHROMIUM_PATH) return { executablePath: CHROMIUM_PATH, args: FLAGS };
  const env = { LD_LIBRARY_PATH: join(FOLDER, 'al2023', 'lib'), FONTCONFIG_PATH: join(FOLDER, 'fonts') };
  return { executablePath: join(FOLDER, 'chromium'), args: FLAGS, env: { ...process.env, ...env } };
}

export function launch(): Promise<Browser> {
  return chromium.launch(launchOptions());
}

/** Unpacks the Chromium from npm, unless that was done before. */
export async function unpack(): Promise<void> {
  if (existsSync(FOLDER)) return;
  const unfinished = `${FOLDER}-unfinished`;
  await rm(unfinished, { recursive: true, force: true });
  await mkdir(unfinished);
  // The package unpacks into the folder for temporary files, and trusts what is there already. It unpacks its libraries
  // only on AWS Lambda. It reads both variables when it is imported.
  Object.assign(process.env, { TMPDIR: unfinished, AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs20.x' });
  const { default: packed } = await import('@sparticuz/chromium');
  await packed.executablePath();
  // Only the fonts of the package, so that a page looks the same on every machine.
  const fonts = `<fontconfig><dir>${FOLDER}/fonts</dir><cachedir>${FOLDER}/fonts-cache</cachedir></fontconfig>`;
  await writeFile(join(unfinished, 'fonts', 'fonts.conf'), fonts);
  await rename(unfinished, FOLDER);
}
