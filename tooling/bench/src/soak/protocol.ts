/** What the process of the client under load reports. */

export type SoakReport = SoakSample | SoakEnd;

export interface SoakSample {
  readonly type: 'sample';
  readonly second: number;
  /** Of objects on the heap and outside of it, after a collection. */
  readonly heapBytes: number;
  /** Of compiled code, and of what belongs to it. */
  readonly codeBytes: number;
  readonly residentBytes: number;
  /** Sockets, timers and the like that keep Node running, by `process.getActiveResourcesInfo()`. */
  readonly resources: number;
  /** Of the process, and of the signal that every call was given. */
  readonly listeners: number;
}

export interface SoakEnd {
  readonly type: 'end';
  readonly published: number;
  readonly received: number;
  /** Accepted at QoS 1 or 2, and never received. */
  readonly missing: number;
  /** Of QoS 2, received more than once. */
  readonly twice: number;
  readonly requests: number;
  /** Requests that failed, as they may when a connection breaks. */
  readonly unanswered: number;
  readonly connections: number;
}
