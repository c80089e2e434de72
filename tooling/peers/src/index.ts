export { resetSocket } from './reset-socket.ts';
export { requirePeer, type Peer, type PeerName } from './peer.ts';
