import { connectionLost, type WebSocketTransportError } from './transport-error.ts';

/** How a WebSocket ended: the code and reason of the last frame, and what broke the socket if something did. */
export interface Ending {
  readonly code: number;
  readonly reason: string;
  readonly cause?: Error | undefined;
}

/** No error when the server said that it ends, without a complaint: 1000, 1001 (it goes away), 1005 (no code). */
export function errorOfEnding({ code, reason, cause }: Ending): WebSocketTransportError | undefined {
  if (code === 1000 || code === 1001 || code === 1005) return undefined;
  if (code === 1006) return connectionLost('The connection broke without a close frame.', cause);
  return connectionLost(`The server ended the WebSocket with code ${code} ${JSON.stringify(reason)}.`, cause);
}
