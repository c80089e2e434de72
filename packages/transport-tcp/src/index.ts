export { SocketError, type SocketErrorFacts } from './socket-error.ts';
export type { SocketOptions } from './socket-options.ts';
export { tcp, type TcpOptions } from './tcp.ts';
