/** Sends frames that were made before, within a window: the shortest way to get messages out. */
import { once } from 'node:events';
import type { Socket } from 'node:net';
import { Frames } from './frames.ts';
import type { Load } from './loads.ts';
import { publishFrames, type PublishFrames } from './publish-frame.ts';

const PUBACK = 0x40;
const PUBREC = 0x50;
const PUBREL = 0x62;
const PUBCOMP = 0x70;
/** Written at once when nobody answers. */
const BATCH_BYTES = 64 * 1024;

/** Hands so many frames to a socket, from the given one on. False when it has had enough for now. */
type Hand = (first: number, count: number) => boolean;

/** How frames get to a socket. */
export type Handing = (socket: Socket, frames: PublishFrames) => Hand;

export const asOneChunk: Handing = (socket, { bytes, frameBytes }) => {
  return (first, count) => socket.write(bytes.subarray(first * frameBytes, (first + count) * frameBytes));
};

/** Each in a call of its own, and all that are there leave together, as Node does it best. */
export const oneByOne: Handing = (socket, { bytes, frameBytes }) => {
  const frames: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += frameBytes) frames.push(bytes.subarray(at, at + frameBytes));
  return (first, count) => {
    let hasRoom = true;
    socket.cork();
    for (const frame of frames.slice(first, first + count)) hasRoom = socket.write(frame);
    socket.uncork();
    return hasRoom;
  };
};

export interface FrameRoute {
  readonly socket: Socket;
  readonly handing: Handing;
  /** Is given who takes what comes in. */
  readonly onAnswers: (take: (chunk: Uint8Array) => void) => void;
}

/** Resolves when the last message was answered, or written. */
export function sendFrames(load: Load, route: FrameRoute): Promise<void> {
  return load.qos === 0 ? sendUnanswered(load, route) : sendAnswered(load, route);
}

async function sendUnanswered(load: Load, { socket, handing }: FrameRoute): Promise<void> {
  const { messages } = load;
  const perBatch = Math.max(1, Math.min(load.window, Math.floor(BATCH_BYTES / load.payloadBytes)));
  const hand = handing(socket, publishFrames(load, perBatch));
  for (let sent = 0; sent < messages; sent += perBatch) {
    if (!hand(0, Math.min(perBatch, messages - sent))) await once(socket, 'drain');
  }
}

function sendAnswered(load: Load, { socket, handing, onAnswers }: FrameRoute): Promise<void> {
  const hand = handing(socket, publishFrames(load, load.window));
  return new Promise((resolve) => {
    let [sent, answered] = [0, 0];
    // Ids are used in turn, so an id is free again when the whole window has passed.
    const send = (most: number): void => {
      let left = Math.min(most, load.messages - sent);
      while (left > 0) {
        const first = sent % load.window;
        const count = Math.min(left, load.window - first);
        hand(first, count);
        sent += count;
        left -= count;
      }
    };
    let releases: number[] = [];
    let freed = 0;
    const frames = new Frames(({ bytes: chunk, start, body }) => {
      const type = chunk[start] ?? 0;
      if (type === PUBREC) releases.push(PUBREL, 2, chunk[body] ?? 0, chunk[body + 1] ?? 0);
      if (type === PUBACK || type === PUBCOMP) freed += 1;
    });
    onAnswers((chunk) => {
      frames.push(chunk);
      if (releases.length > 0) socket.write(Uint8Array.from(releases));
      answered += freed;
      send(freed);
      releases = [];
      freed = 0;
      if (answered === load.messages) resolve();
    });
    send(load.window);
  });
}
