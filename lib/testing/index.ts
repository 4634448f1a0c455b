export { startLocalTenant } from './tenant.js';
export type { LocalTenant } from './tenant.js';
export type { LocalTenantOptions, Connection } from './options.js';
export type { Client } from './clients.js';
export type { User } from './users.js';
export type { Clock } from './clock.js';
export type { Inbox, Message } from './inbox.js';
export type { Fault } from './faults.js';
export type { RecordedRequest } from './requests.js';
