// For .ci/run: makes a project in the folder of the first argument, has npm install the packed package there, and says
// how much that is.
import { createProject } from './packed.js';

const project = createProject(process.argv[2]);
project.install();
const sizes = project.installed();
console.table(Object.entries(sizes).map(([name, kB]) => ({ package: name, kB })));
