import { readFileSync } from 'node:fs';
import { defineConfig } from 'tsdown';

const build = {
  entry: { index: 'lib/index.ts', 'testing/index': 'lib/testing/index.ts' },
  target: 'node20.19',
  platform: 'node',
  fixedExtension: false,
  dts: { sourcemap: false },
  // Which is only to say that the machine is slow.
  checks: { pluginTimings: false },
} as const;

const joseLicense = readFileSync('node_modules/jose/LICENSE.md', 'utf8').trim();

export default defineConfig([
  { ...build, format: 'esm', clean: true },
  {
    ...build,
    format: 'cjs',
    clean: false,
    // Why there is one at all: the next line.
    checks: { ...build.checks, legacyCjs: false },
    // Jest in its default mode cannot load an ES module from node_modules, and jose 6 is nothing else: CommonJS carries it.
    deps: { alwaysBundle: [/^jose/] },
    outputOptions: {
      codeSplitting: { groups: [{ name: 'jose', test: /node_modules[\\/]jose[\\/]/ }] },
      chunkFileNames: '[name].cjs',
      // With its licence, as that asks.
      banner: ({ name }) =>
        name === 'jose' ? `/*!\nParts of jose (https://github.com/panva/jose)\n\n${joseLicense}\n*/` : '',
    },
  },
]);
