import { createApp } from './koa/app.js';
import { run } from './run.js';

await run((config) => createApp(config).callback());
