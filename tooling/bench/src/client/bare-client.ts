/** The limit: a socket, frames that were made before, and nothing checked. */
import { once } from 'node:events';
import { connect } from 'node:net';
import { encode } from '@omqtt/codec';
import { Frames } from './frames.ts';
import { type Handing, sendFrames } from './frame-sender.ts';
import { type LoadClient, TOPIC } from './loads.ts';

export async function openBare(port: number, clientId: string, handing: Handing): Promise<LoadClient> {
  const socket = connect({ host: '127.0.0.1', port, noDelay: true });
  let onData: (chunk: Uint8Array) => void = ignore;
  socket.on('data', (chunk: Buffer) => onData(chunk));
  socket.write(encode({ type: 'connect', version: '5.0', clientId, cleanStart: true, keepAliveSeconds: 0 }, '5.0'));
  await once(socket, 'data');
  return {
    publish: (load) =>
      sendFrames(load, {
        socket,
        handing,
        onAnswers: (take) => {
          onData = take;
        },
      }),
    receive: ({ messages: expected }) =>
      new Promise((resolve) => {
        let [messages, bytes] = [0, 0];
        let answers: number[] = [];
        const frames = new Frames(({ bytes: chunk, start, body, end }) => {
          const first = chunk[start] ?? 0;
          if (first === 0x62) answers.push(0x70, 2, chunk[body] ?? 0, chunk[body + 1] ?? 0);
          if (first >> 4 !== 3) return;
          const qos = (first >> 1) & 3;
          const id = body + 2 + ((chunk[body] ?? 0) << 8) + (chunk[body + 1] ?? 0);
          if (qos > 0) answers.push(qos === 1 ? 0x40 : 0x50, 2, chunk[id] ?? 0, chunk[id + 1] ?? 0);
          messages += 1;
          bytes += chunk.subarray(qos === 0 ? id + 1 : id + 3, end).length;
        });
        onData = (chunk) => {
          frames.push(chunk);
          if (answers.length > 0) socket.write(Uint8Array.from(answers));
          answers = [];
          if (messages >= expected) resolve({ messages, bytes });
        };
      }),
    send: (payload) =>
      void socket.write(encode({ type: 'publish', topic: TOPIC, payload, qos: 0, retain: false, dup: false }, '5.0')),
    listen: (onPayload) => {
      const frames = new Frames(({ bytes: chunk, body, end }) =>
        onPayload(chunk.subarray(body + 3 + TOPIC.length, end)),
      );
      onData = (chunk) => frames.push(chunk);
      return Promise.resolve();
    },
  };
}

function ignore(): void {
  // Nothing is expected yet.
}
