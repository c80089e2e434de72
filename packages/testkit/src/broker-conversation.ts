/** The server's end of one connection: packets that came and wait to be expected, and packets to send. */
import { encode, PacketStream, type Packet, type ProtocolVersion } from '@omqtt/codec';
import type { TransportError } from '@omqtt/contracts';
import type { MemoryConnection } from './memory-connection.ts';
import type { MemoryLink } from './memory-link.ts';
import { readable } from './readable.ts';

export interface ConversationOptions {
  readonly connection: MemoryConnection;
  readonly version: ProtocolVersion | 'auto';
  readonly onPacket: (packet: Packet) => void;
  /** One line for the dialogue. */
  readonly tell: (line: string) => void;
  /** Something has happened that an expectation may wait for. */
  readonly changed: () => void;
}

export class BrokerConversation {
  readonly link: MemoryLink;
  readonly #connection: MemoryConnection;
  readonly #stream: PacketStream;
  readonly #options: ConversationOptions;
  readonly #unread: Packet[] = [];
  /** What could not be decoded, or came after that. */
  #problem: Error | undefined;
  #end: string | undefined;

  constructor(options: ConversationOptions) {
    this.#options = options;
    this.#connection = options.connection;
    this.link = options.connection.link;
    this.#stream = new PacketStream({ version: options.version, role: 'server' });
  }

  get unread(): readonly Packet[] {
    return this.#unread;
  }

  /** Bytes of a packet that is not whole yet, or that have not arrived. */
  get unreadBytes(): number {
    return this.#stream.bufferedBytes + this.link.inFlight('to-server');
  }

  get problem(): Error | undefined {
    return this.#problem;
  }

  /** How the connection ended; `undefined` while it is open. */
  get end(): string | undefined {
    return this.#end;
  }

  start(): void {
    this.#connection.start({
      bytes: (chunk) => this.#receive(chunk),
      drained: () => undefined,
      closed: (error) => this.#closed(error),
    });
  }

  next(): Packet | undefined {
    return this.#unread.shift();
  }

  send(packet: Packet): void {
    const { version } = this.#stream;
    if (version === 'auto') throw new Error(`The version is not known before the CONNECT: ${readable(packet)}`);
    this.#options.tell(`broker → ${readable(packet)}`);
    this.#connection.write(encode(packet, version));
  }

  sendBytes(bytes: Uint8Array): void {
    this.#options.tell(`broker → ${readable(bytes)}`);
    this.#connection.write(bytes);
  }

  close(): Promise<void> {
    this.#options.tell('broker closes the connection');
    return this.#connection.close();
  }

  #receive(chunk: Uint8Array): void {
    try {
      this.#take(this.#stream.push(chunk));
    } catch (error) {
      const { packets = [] } = error as { readonly packets?: readonly Packet[] };
      if (this.#problem === undefined) this.#take(packets);
      this.#problem = error as Error;
      this.#options.tell(`client → what is not MQTT: ${readable(error)}: ${readable(chunk)}`);
    }
    this.#options.changed();
  }

  #take(packets: readonly Packet[]): void {
    for (const packet of packets) {
      this.#unread.push(packet);
      this.#options.tell(`client → ${readable(packet)}`);
      this.#options.onPacket(packet);
    }
  }

  #closed(error: TransportError | undefined): void {
    this.#end = error === undefined ? 'it was closed in order' : readable(error);
    this.#options.tell(`the connection ended: ${this.#end}`);
    this.#options.changed();
  }
}
