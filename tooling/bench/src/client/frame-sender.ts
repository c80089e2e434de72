/** Sends frames that were made before, within a window: the shortest way to get messages out. */
import { once } from 'node:events';
import type { Socket } from 'node:net';
import { Frames } from './frames.ts';
import type { Load } from './loads.ts';
import { publishFrames } from './publish-frame.ts';

const PUBACK = 0x40;
const PUBREC = 0x50;
const PUBREL = 0x62;
const PUBCOMP = 0x70;
/** Written at once when nobody answers. */
const BATCH_BYTES = 64 * 1024;

/** Resolves when the last message was answered, or written. `onAnswers` is given who takes what comes in. */
export function sendFrames(
  socket: Socket,
  load: Load,
  onAnswers: (take: (chunk: Uint8Array) => void) => void,
): Promise<void> {
  return load.qos === 0 ? sendUnanswered(socket, load) : sendAnswered(socket, load, onAnswers);
}

async function sendUnanswered(socket: Socket, load: Load): Promise<void> {
  const { messages } = load;
  const perBatch = Math.max(1, Math.min(load.window, Math.floor(BATCH_BYTES / load.payloadBytes)));
  const { bytes, frameBytes } = publishFrames(load, perBatch);
  for (let sent = 0; sent < messages; sent += perBatch) {
    const batch = bytes.subarray(0, Math.min(perBatch, messages - sent) * frameBytes);
    if (!socket.write(batch)) await once(socket, 'drain');
  }
}

function sendAnswered(
  socket: Socket,
  load: Load,
  onAnswers: (take: (chunk: Uint8Array) => void) => void,
): Promise<void> {
  const { bytes, frameBytes } = publishFrames(load, load.window);
  return new Promise((resolve) => {
    let [sent, answered] = [0, 0];
    // Ids are used in turn, so an id is free again when the whole window has passed.
    const send = (most: number): void => {
      let left = Math.min(most, load.messages - sent);
      while (left > 0) {
        const first = sent % load.window;
        const count = Math.min(left, load.window - first);
        socket.write(bytes.subarray(first * frameBytes, (first + count) * frameBytes));
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
