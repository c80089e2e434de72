export { WebSocketTransportError } from '../transport-error.ts';
export type { WebSocketLimits } from '../web-socket-options.ts';
export { webSocket, type WebSocketOptions } from './dial.ts';
export type { DialSocket } from './open-stream.ts';
