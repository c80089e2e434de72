export { requirePeer, type Peer, type PeerName } from './peer.ts';
