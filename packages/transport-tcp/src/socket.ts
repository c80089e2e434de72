/** For other transports on Node: the way to a socket, with TLS and proxies, and without MQTT. */
export { dialSocket } from './dial-socket.ts';
export { SocketError, type SocketErrorFacts } from './socket-error.ts';
export type { SocketOptions } from './socket-options.ts';
export type { SocketTarget } from './socket-target.ts';
