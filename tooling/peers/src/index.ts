export { startBreakingRelay, type BreakingRelay } from './breaking-relay.ts';
export { resetSocket } from './reset-socket.ts';
export { requirePeer, type Peer, type PeerName } from './peer.ts';
