import { defineConfig } from 'tsdown';

const build = {
  entry: { index: 'lib/index.ts', 'testing/index': 'lib/testing/index.ts' },
  target: 'node20.19',
  platform: 'node',
  fixedExtension: false,
  sourcemap: true,
  dts: true,
} as const;

export default defineConfig([
  { ...build, format: 'esm', clean: true },
  // Jest in its default mode cannot load an ES module from node_modules, and jose 6 is nothing else: CommonJS carries it.
  { ...build, format: 'cjs', clean: false, deps: { alwaysBundle: [/^jose/] } },
]);
