export { SimpleClient, type MessageCallback, type SimpleOptions } from './simple-client.ts';
