import { once } from 'node:events';
import type { Socket } from 'node:net';
import { started } from './dialling.ts';
import { echo, serve } from './local-server.ts';

const mebibyte = 1_048_576;

/** Writes until the connection wants no more. */
export function fill(write: (bytes: Uint8Array) => boolean): number {
  let count = 0;
  do count += mebibyte;
  while (write(new Uint8Array(mebibyte)));
  return count;
}

export async function endOf(socket: Socket): Promise<number> {
  let count = 0;
  socket.on('data', (chunk: Buffer) => {
    count += chunk.length;
  });
  await once(socket, 'end');
  return count;
}

/** A round trip on another connection: what was on its way here before has arrived. */
export async function echoElsewhere(): Promise<void> {
  const { port } = await serve(echo);
  const { connection, sink } = await started({ port });
  for (const text of ['one', 'onetwo']) {
    connection.write(Buffer.from(text.slice(-3)));
    await sink.until((each) => each.text === text);
  }
  connection.destroy();
}

/** Resolves when the other end has gone, in order or not. */
export async function leftBy(socket: Socket): Promise<void> {
  socket.resume();
  await Promise.race([once(socket, 'end'), new Promise((resolve) => socket.once('close', resolve))]);
  socket.destroy();
}
