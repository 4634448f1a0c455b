import { existsSync } from 'node:fs';
import js from '@eslint/js';
import { defineConfig, globalIgnores } from 'eslint/config';
import tseslint from 'typescript-eslint';

// The types of what these import are there once `npm run test:browser` and `npm run bench` have installed them.
const notInstalled = ['test/browser', 'test/bench/peers'].filter((folder) => !existsSync(`${folder}/node_modules`));

export default defineConfig(
  globalIgnores(['dist', 'coverage', 'test/**/node_modules', 'test/docs/api/html', ...notInstalled]),
  js.configs.recommended,
  tseslint.configs.strictTypeChecked,
  tseslint.configs.stylisticTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: true } },
    rules: {
      '@typescript-eslint/no-unused-vars': ['error', { ignoreRestSiblings: true, argsIgnorePattern: '^_' }],
      // What a caller's code threw is passed on as it is.
      '@typescript-eslint/prefer-promise-reject-errors': 'off',
      // `void | Promise`: what a callback may return.
      '@typescript-eslint/no-invalid-void-type': 'off',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
    },
  },
  {
    // supertest's bodies are `any`.
    files: ['test/**'],
    rules: {
      '@typescript-eslint/no-empty-function': 'off',
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
    },
  },
  {
    // Nest is told by decorators what a class is for, and declares its options as classes.
    files: ['test/hosts/**/*nest*'],
    rules: {
      '@typescript-eslint/no-extraneous-class': 'off',
      '@typescript-eslint/no-unsafe-class-instance-assignment': 'off',
    },
  },
  {
    files: ['**/*.{js,cjs,mjs}'],
    extends: [tseslint.configs.disableTypeChecked],
    languageOptions: { globals: { console: 'readonly' } },
  },
  {
    files: ['**/*.cjs'],
    languageOptions: { sourceType: 'commonjs', globals: { test: 'readonly', expect: 'readonly' } },
    rules: { '@typescript-eslint/no-require-imports': 'off' },
  },
);
