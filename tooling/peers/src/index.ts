export { startBreakingRelay, type BreakingRelay } from './breaking-relay.ts';
export { freePort, freePorts, isListening } from './free-ports.ts';
export { loopbackInterface, mosquittoRuns } from './mosquitto.ts';
export { resetSocket } from './reset-socket.ts';
export { requirePeer, type Peer, type PeerName } from './peer.ts';
