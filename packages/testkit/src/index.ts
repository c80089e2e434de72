export { ExamFailure, type ExamCase } from './exam-case.ts';
export type { ExamListener, ExamPeer, TransportCapabilities, TransportSetup } from './exam-peer.ts';
export type { Expected } from './expected.ts';
export { fakeClock, type FakeClock } from './fake-clock.ts';
export { faultyStore, storeError, type FaultPlan, type FaultyStore } from './faulty-store.ts';
export type { MemoryConnection } from './memory-connection.ts';
export type { Direction, MemoryLink } from './memory-link.ts';
export type { Slicing } from './memory-pipe.ts';
export {
  memoryTransport,
  type DialRecord,
  type MemoryTransport,
  type MemoryTransportOptions,
} from './memory-transport.ts';
export { peerQueue, type PeerQueue } from './peer-queue.ts';
export { afterPendingPromises } from './pending-promises.ts';
export {
  scriptedBroker,
  type Acceptance,
  type PacketOf,
  type ReceivedPacket,
  type ScriptedBroker,
  type ScriptedBrokerOptions,
} from './scripted-broker.ts';
export { seededRandom, type Random } from './seeded-random.ts';
export { socketExamPeer, type SocketLike } from './socket-exam-peer.ts';
export { storeExam, type StoreCapabilities, type StoreUnderExam } from './store-exam.ts';
export { transportExam } from './transport-exam.ts';
export { transportError } from './transport-failure.ts';
