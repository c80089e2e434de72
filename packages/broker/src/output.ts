/** What leaves on one connection: packets are gathered and written once a turn; what the network does not take waits. */
import { PacketEncoder, type Packet, type ProtocolVersion } from '@omqtt/codec';
import type { Connection } from '@omqtt/contracts';
import type { Engine } from './engine.ts';

/** So many bytes are written before the turn is over. */
const WRITE_AT_BYTES = 262_144;
/** From so many waiting bytes on, those who publish to this client are asked to wait. */
const CONGESTED_BYTES = 262_144;
/** A chunk of this size is written as it is; smaller ones are copied together. */
const LARGE_CHUNK_BYTES = 16_384;

export class Output {
  readonly #engine: Engine;
  readonly #transport: Connection;
  #encoder: PacketEncoder | undefined;
  /** Encoded, in their order; what the encoder holds comes behind them. */
  #chunks: Uint8Array[] = [];
  #chunkBytes = 0;
  /** The network has had enough for now. */
  #isHolding = false;
  #isScheduled = false;

  constructor(engine: Engine, transport: Connection) {
    this.#engine = engine;
    this.#transport = transport;
  }

  get waitingBytes(): number {
    return this.#chunkBytes + (this.#encoder?.length ?? 0);
  }

  get isCongested(): boolean {
    return this.#isHolding && this.waitingBytes >= CONGESTED_BYTES;
  }

  /** Nothing can be sent before. */
  speak(version: ProtocolVersion, maximumPacketBytes: number): void {
    this.#encoder = new PacketEncoder({ version, role: 'server', maximumPacketBytes });
  }

  /** Throws as the encoder does. */
  packet(packet: Packet): void {
    this.#encoder?.append(packet);
    this.#engine.counters.packetsSent += 1;
    this.#changed();
  }

  /** Bytes of a packet that others get, too; nobody writes to them. */
  frame(bytes: Uint8Array): void {
    this.#takeEncoded();
    this.#chunks.push(bytes);
    this.#chunkBytes += bytes.length;
    this.#engine.counters.packetsSent += 1;
    this.#changed();
  }

  flush(): void {
    this.#isScheduled = false;
    if (!this.#isHolding && !this.#engine.isPaused) this.writeAll();
  }

  /** Also what the network has not asked for: the last words before the end. */
  writeAll(): void {
    this.#takeEncoded();
    const chunks = this.#chunks;
    if (chunks.length === 0) return;
    this.#engine.counters.bytesSent += this.#chunkBytes;
    this.#chunks = [];
    this.#chunkBytes = 0;
    for (const bytes of joinSmall(chunks)) if (!this.#transport.write(bytes)) this.#isHolding = true;
  }

  drained(): void {
    this.#isHolding = false;
    this.flush();
  }

  clear(): void {
    this.#encoder = undefined;
    this.#chunks = [];
    this.#chunkBytes = 0;
  }

  #takeEncoded(): void {
    if (!this.#encoder || this.#encoder.length === 0) return;
    const bytes = this.#encoder.take();
    this.#chunks.push(bytes);
    this.#chunkBytes += bytes.length;
  }

  #changed(): void {
    if (this.waitingBytes >= WRITE_AT_BYTES) this.flush();
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    this.#engine.flushSoon(this);
  }
}

/** One write for many small packets. */
function joinSmall(chunks: readonly Uint8Array[]): readonly Uint8Array[] {
  if (chunks.length === 1) return chunks;
  const joined: Uint8Array[] = [];
  let first = 0;
  for (let index = 0; index <= chunks.length; index += 1) {
    const chunk = chunks[index];
    if (chunk && chunk.length < LARGE_CHUNK_BYTES) continue;
    if (index > first) joined.push(concat(chunks.slice(first, index)));
    if (chunk) joined.push(chunk);
    first = index + 1;
  }
  return joined;
}

function concat(chunks: readonly Uint8Array[]): Uint8Array {
  if (chunks.length === 1) return chunks[0] as Uint8Array;
  const bytes = new Uint8Array(chunks.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return bytes;
}
