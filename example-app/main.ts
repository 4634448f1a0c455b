import { createApp } from './express/app.js';
import { run } from './run.js';

await run(createApp);
