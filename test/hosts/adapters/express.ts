import cookieSession from 'cookie-session';
import express5, { type Handler } from 'express';
import express4 from 'express-4';
import session from 'express-session';
import { expressHost } from '../../support/express-host.js';
import { forPassport } from '../recipes/cookie-session.js';
import { SlowStore } from '../slow-stores.js';

const stored = (): Handler[] => [
  session({ secret: 'test', resave: false, saveUninitialized: false, store: new SlowStore() }),
];

export const express = expressHost('Express 5, express-session', express5, 'store', stored);

export const inCookie = expressHost('Express 5, cookie-session', express5, 'cookie', () => [
  cookieSession({ secret: 'test' }),
  forPassport,
]);

export const expressHosts = [express, expressHost('Express 4, express-session', express4, 'store', stored), inCookie];
