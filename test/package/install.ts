// For .ci/run: makes a project in the folder of the first argument, has npm install the packed package there, and says
// how much that is. Beside it goes what docs/testing.md has for Jest, with the app that it tests.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { writeBlocks } from '../docs/pages.js';
import { createProject } from './packed.js';

const project = createProject(process.argv[2]);
project.install();
const sizes = project.installed();
console.table(Object.entries(sizes).map(([name, kB]) => ({ package: name, kB })));

const documented = join(project.directory, 'documented');
writeBlocks('docs/testing.md', documented);
const app = readFileSync(join(documented, 'app.ts'), 'utf8');
const compilerOptions = { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022, esModuleInterop: true };
writeFileSync(join(documented, 'app.js'), ts.transpileModule(app, { compilerOptions }).outputText);
project.link('express', 'express-session', 'supertest');
