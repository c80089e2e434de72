/** Gathers packets for one write. */
import { writePacket, type EncodeOptions } from './encode.ts';
import type { Packet, ProtocolVersion } from './packet.ts';
import { PacketWriter } from './packet-writer.ts';

export interface PacketEncoderOptions extends EncodeOptions {
  /** Of the protocol; every packet is written for it. */
  readonly version: ProtocolVersion;
}

/** Gathers packets of one version, so that a single write takes them all. */
export class PacketEncoder {
  readonly #writer: PacketWriter;
  #maximumPacketBytes: number;
  /** Where the bytes begin that were not taken yet. */
  #start = 0;

  constructor({ version, role = 'either', maximumPacketBytes = Infinity }: PacketEncoderOptions) {
    this.#writer = new PacketWriter(version, role);
    this.#maximumPacketBytes = maximumPacketBytes;
  }

  /** Bytes that wait to be taken. */
  get length(): number {
    return this.#writer.at - this.#start;
  }

  /** Set when the CONNACK has told what the server accepts. */
  limitPackets(maximumPacketBytes: number): void {
    this.#maximumPacketBytes = maximumPacketBytes;
  }

  /** Appends the packet, or throws as `encode` does and appends nothing. */
  append(packet: Packet): void {
    writePacket(this.#writer, packet, this.#maximumPacketBytes);
  }

  /** All that was appended since the last call. The bytes belong to the caller, and are never written to again. */
  take(): Uint8Array {
    const writer = this.#writer;
    const taken = writer.bytes.subarray(this.#start, writer.at);
    this.#start = writer.at;
    // Whoever took bytes keeps the whole buffer alive, so a used one is not kept here as well.
    if (writer.at > writer.bytes.length / 2) {
      writer.release();
      this.#start = 0;
    }
    return taken;
  }
}
