import { webSocket as nodeWebSocket } from '../src/node/index.ts';
import { webSocket as platformWebSocket } from '../src/platform/index.ts';

/** Both transports, for what both have to do. The platform is the WebSocket that Node has built in. */
export const implementations = [
  { name: 'ws on Node', webSocket: nodeWebSocket },
  { name: 'the WebSocket of the platform', webSocket: platformWebSocket },
] as const;

/** For dials that nobody gives up. */
export const noAbort: AbortSignal = new AbortController().signal;
