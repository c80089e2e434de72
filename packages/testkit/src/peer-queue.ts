import type { ExamPeer } from './exam-peer.ts';

/** Peers in the order in which they came, for a listener of an exam. */
export interface PeerQueue {
  push(peer: ExamPeer): void;
  /** Waits for the next one where there is none. */
  next(): Promise<ExamPeer>;
}

/** What came in, to be waited for in a test. */
export function peerQueue(): PeerQueue {
  const waiting: ExamPeer[] = [];
  const takers: ((peer: ExamPeer) => void)[] = [];
  return {
    push: (peer) => {
      const take = takers.shift();
      if (take === undefined) waiting.push(peer);
      else take(peer);
    },
    next: () => {
      const peer = waiting.shift();
      return peer === undefined ? new Promise((resolve) => takers.push(resolve)) : Promise.resolve(peer);
    },
  };
}
