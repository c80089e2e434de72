/** Records as a pcapng file that other tools open as MQTT: no TCP is made up around the packets. */
import type { PacketRecord } from '../packet-record.ts';
import { bytesOf } from '../platform-text.ts';
import { escapeText } from '../text/escape-text.ts';
import type { MarkComments } from './capture-event.ts';
import { EXPORTED_PDU, flowOf, MARK, pduHeader, type PduAddress } from './exported-pdu.ts';

/** Redact the records first unless secrets are wanted. Findings and marks become comments of their packets. */
export function exportPcapng(records: Iterable<PacketRecord>, marks?: MarkComments): Uint8Array {
  const addresses = new Map<string, PduAddress>();
  const blocks = [sectionBlock(), interfaceBlock()];
  for (const record of records) {
    let address = addresses.get(record.connection);
    if (address === undefined) {
      addresses.set(record.connection, (address = addressOf(record.connection, addresses.size)));
    }
    blocks.push(packetBlock(record, address, marks?.get(record.number)));
  }
  return joined(blocks);
}

function joined(blocks: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(blocks.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const each of blocks) {
    bytes.set(each, at);
    at += each.length;
  }
  return bytes;
}

/** What the name of the connection says, or an address of its own for each. */
function addressOf(connection: string, index: number): PduAddress {
  const [, client, clientPort, server, serverPort] =
    /^(\d+\.\d+\.\d+\.\d+):(\d+)-(\d+\.\d+\.\d+\.\d+):(\d+)$/.exec(connection) ?? [];
  if (client !== undefined && server !== undefined) {
    return { client: [client, Number(clientPort)], server: [server, Number(serverPort)] };
  }
  const host = index + 2;
  return {
    client: [`10.${(host >>> 16) & 255}.${(host >>> 8) & 255}.${host & 255}`, 49_152],
    server: ['10.0.0.1', 1883],
  };
}

function sectionBlock(): Uint8Array {
  // Byte order, version 1.0, and a length that nobody has to know.
  return block(0x0a0d_0d0a, [...u32(0x1a2b_3c4d), ...u16(1), ...u16(0), ...u32(0xffff_ffff), ...u32(0xffff_ffff)]);
}

function interfaceBlock(): Uint8Array {
  const nanoseconds = [9];
  return block(1, [...u16(EXPORTED_PDU), ...u16(0), ...u32(0), ...option(9, nanoseconds), ...option(0, [])]);
}

function packetBlock(record: PacketRecord, address: PduAddress, mark: string | undefined): Uint8Array {
  const { at, bytes, size, direction, findings } = record;
  const isFromClient = direction === 'c2s';
  const header = pduHeader(address, isFromClient);
  const time = nanosecondsOf(at);
  const kept = header.length + bytes.length;
  const found = findings.map(({ ids, message }) => `${ids.join(' ')} ${message}`);
  const texts = mark === undefined ? found : [`${MARK}${mark}`, ...found];
  const comments = texts.map((text) => option(1, bytesOf(escapeText(text)).subarray(0, 0xffff)));
  const head = [
    ...u32(0),
    ...u32(Number(time >> 32n)),
    ...u32(Number(time & 0xffff_ffffn)),
    ...u32(kept),
    ...u32(header.length + size),
    ...header,
  ];
  const tail = [...padding(kept), ...option(2, u32(flowOf(isFromClient))), ...comments.flat(), ...option(0, [])];
  return block(6, head, { middle: bytes, tail });
}

function nanosecondsOf(at: number): bigint {
  const whole = Math.max(0, Math.floor(at));
  return BigInt(whole) * 1_000_000n + BigInt(Math.round(Math.max(0, at - whole) * 1e6));
}

interface BlockRest {
  readonly middle: Uint8Array;
  readonly tail: readonly number[];
}

function block(
  type: number,
  head: readonly number[],
  rest: BlockRest = { middle: new Uint8Array(0), tail: [] },
): Uint8Array {
  const size = 12 + head.length + rest.middle.length + rest.tail.length;
  const bytes = new Uint8Array(size);
  bytes.set([...u32(type), ...u32(size), ...head], 0);
  bytes.set(rest.middle, 8 + head.length);
  bytes.set([...rest.tail, ...u32(size)], 8 + head.length + rest.middle.length);
  return bytes;
}

function option(code: number, value: Iterable<number>): number[] {
  const bytes = [...value];
  return [...u16(code), ...u16(bytes.length), ...bytes, ...padding(bytes.length)];
}

function padding(length: number): number[] {
  return Array.from({ length: -length & 3 }, () => 0);
}

function u16(value: number): number[] {
  return [value & 0xff, value >>> 8];
}

function u32(value: number): number[] {
  return [value & 0xff, (value >>> 8) & 0xff, (value >>> 16) & 0xff, value >>> 24];
}
