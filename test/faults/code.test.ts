import { testStep } from './suite.js';

testStep('code');
