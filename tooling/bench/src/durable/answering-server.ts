/** Answers CONNECT and every PUBLISH of QoS 1, as fast as it can. */
import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { encode, PacketStream, type Packet } from '@omqtt/codec';

export interface AnsweringServer {
  readonly port: number;
  /** From now on payloads are numbers from 1 on. */
  watchOrder(): void;
  /** Whether they came one after the other, without a gap, and up to the number that the last one promised. */
  inOrder(): boolean;
  close(): Promise<void>;
}

export async function startAnsweringServer(): Promise<AnsweringServer> {
  let next: number | undefined;
  let isOrdered = true;
  const look = (payload: Uint8Array): void => {
    if (next === undefined) return;
    if (Buffer.from(payload).readUInt32BE(0) !== next) isOrdered = false;
    next += 1;
  };
  const server = createServer((socket) => serve(socket, look));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    watchOrder() {
      next = 1;
    },
    inOrder: () => isOrdered && (next ?? 0) > 1,
    async close() {
      await once(server.close(), 'close');
    },
  };
}

function serve(socket: Socket, look: (payload: Uint8Array) => void): void {
  const stream = new PacketStream({ version: '5.0', role: 'server' });
  socket.setNoDelay(true);
  socket.on('error', () => socket.destroy());
  socket.on('data', (chunk: Buffer) => {
    const answers: Uint8Array[] = [];
    for (const packet of stream.push(chunk)) {
      if (packet.type === 'publish') look(packet.payload);
      const answer = answerTo(packet);
      if (answer !== undefined) answers.push(encode(answer, '5.0'));
    }
    if (answers.length > 0) socket.write(Buffer.concat(answers));
  });
}

function answerTo(packet: Packet): Packet | undefined {
  if (packet.type === 'connect') {
    return { type: 'connack', sessionPresent: false, reasonCode: 0, properties: { receiveMaximum: 1000 } };
  }
  if (packet.type === 'publish' && packet.packetId !== undefined) {
    return { type: 'puback', packetId: packet.packetId, reasonCode: 0 };
  }
  return packet.type === 'pingreq' ? { type: 'pingresp' } : undefined;
}
