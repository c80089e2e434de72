/** A client that costs little: it sends bytes that were made before, and looks at as few as it can. */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { encode, PacketStream, type Packet, type PacketType, type ProtocolVersion } from '@omqtt/codec';

export class LoadClient {
  readonly version: ProtocolVersion;
  /** Called with each packet, or with the bytes alone while there is nobody for packets. */
  onPacket: ((packet: Packet) => void) | undefined;
  bytesReceived = 0;
  readonly #socket: Socket;
  readonly #stream: PacketStream;

  constructor(socket: Socket, version: ProtocolVersion) {
    this.version = version;
    this.#socket = socket;
    this.#stream = new PacketStream({ version, role: 'client' });
    socket.setNoDelay(true);
    socket.on('data', (chunk: Buffer) => {
      this.bytesReceived += chunk.length;
      if (this.onPacket) for (const packet of this.#stream.push(new Uint8Array(chunk))) this.onPacket(packet);
    });
  }

  send(packet: Packet): void {
    this.#socket.write(encode(packet, this.version));
  }

  /** Resolves when there is room for more. */
  async write(bytes: Uint8Array): Promise<void> {
    if (!this.#socket.write(bytes)) await once(this.#socket, 'drain');
  }

  next(type: PacketType): Promise<Packet> {
    return new Promise((resolve) => {
      this.onPacket = (packet) => {
        if (packet.type !== type) return;
        this.onPacket = undefined;
        resolve(packet);
      };
    });
  }

  end(): void {
    this.#socket.destroy();
  }
}

export async function connectLoadClient(port: number, version: ProtocolVersion, clientId: string): Promise<LoadClient> {
  const socket = connect({ host: '127.0.0.1', port });
  await once(socket, 'connect');
  const client = new LoadClient(socket, version);
  client.send({ type: 'connect', version, clientId, cleanStart: true, keepAliveSeconds: 0 });
  await client.next('connack');
  return client;
}

export async function subscribeLoadClient(client: LoadClient, filter: string, qos: 0 | 1): Promise<void> {
  const options = { noLocal: false, retainAsPublished: false, retainHandling: 0 } as const;
  client.send({ type: 'subscribe', packetId: 1, subscriptions: [{ filter, qos, ...options }] });
  await client.next('suback');
}
