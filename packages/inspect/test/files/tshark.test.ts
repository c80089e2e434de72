import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encode, packetTypes, type Packet, type ProtocolVersion } from '@omqtt/codec';
import { requirePeer } from '@omqtt/peers';
import { packetFrom } from '@omqtt/testkit/arbitraries';
import * as fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { exportPcapng, importCapture, Inspection, replay, type PacketRecord } from '../../src/index.ts';

const tshark = requirePeer('tshark');
const folder = mkdtempSync(join(tmpdir(), 'omqtt-inspect-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Runs tshark over the records, and returns the fields of each packet. */
function seenByTshark(records: readonly PacketRecord[], fields: readonly string[]): string[][] {
  const file = join(folder, 'capture.pcapng');
  writeFileSync(file, exportPcapng(records));
  const args = [
    '-r',
    file,
    '-T',
    'fields',
    '-E',
    'separator=/t',
    '-E',
    'occurrence=a',
    ...fields.flatMap((field) => ['-e', field]),
  ];
  const out = execFileSync(tshark.path, args, {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
    maxBuffer: 64_000_000,
  });
  return out
    .replace(/\n$/, '')
    .split('\n')
    .map((line) => line.split('\t'));
}

describe.skipIf(tshark.isMissing)('against tshark', { timeout: 30_000 }, () => {
  test('an exported capture has the same packets and topics', () => {
    const bytes = readFileSync(join(import.meta.dirname, '..', 'fixtures', 'lint-probe.pcap'));
    // tshark keeps the topic of an alias in the table of a conversation, so the malformed packets stay out.
    const records = replay(importCapture(bytes).events, new Inspection()).filter(
      ({ findings }) => findings.length === 0,
    );
    const seen = seenByTshark(records, ['mqtt.msgtype', 'mqtt.topic', 'mqtt.len']);
    expect(seen.length).toBe(records.length);
    expect(seen).toEqual(
      records.map((record) => [String(numberOf(record.type)), topicsOf(record), String(record.size - 2)]),
    );
  });

  test('findings become comments', () => {
    const bytes = readFileSync(join(import.meta.dirname, '..', 'fixtures', 'lint-probe.pcap'));
    const records = replay(importCapture(bytes).events, new Inspection()).filter(({ connection }) =>
      connection.includes(':40001-'),
    );
    const comments = seenByTshark(records, ['frame.comment']).flat();
    expect(comments.join()).toContain('MQTT-3.3.1-4');
  });

  test.each(['5.0', '3.1.1'] as const)('random legal packets of %s have the same fields', (version) => {
    const packets = fc.sample(fc.oneof(packetFrom(version, 'client'), packetFrom(version, 'server')), {
      numRuns: 100,
      seed: 42,
    });
    // One connection each; tshark takes the version from the CONNECT.
    const conversations = packets.map((packet) => conversation(packet, version));
    const records = conversations.flatMap((each, index) =>
      recordsOf(each, version, `10.0.${index >> 8}.${index & 255}:1000-10.1.0.1:1883`),
    );
    const ofPackets = records.filter((_, index) => index % 2 === 1);
    const fields = ['mqtt.msgtype', 'mqtt.msgid', 'mqtt.qos', 'mqtt.dupflag', 'mqtt.retain', 'mqtt.kalive'];
    const seen = seenByTshark(records, fields).filter((_, index) => index % 2 === 1);
    expect(seen.map(comparableLine)).toEqual(ofPackets.map((record) => comparableLine(expectedLine(record))));
  });
});

function conversation(packet: Packet, version: ProtocolVersion): Packet[] {
  return [{ type: 'connect', version, clientId: 'c', cleanStart: true, keepAliveSeconds: 0 }, packet];
}

function recordsOf(packets: readonly Packet[], version: ProtocolVersion, connection: string): PacketRecord[] {
  const inspection = new Inspection();
  return packets.flatMap((packet) => {
    const isServer = packetTypes.find(({ type }) => type === packet.type)?.sender === 'server';
    return inspection.bytes(connection, isServer ? 's2c' : 'c2s', { chunk: encode(packet, version), at: 1000 });
  });
}

/** tshark calls filters topics too. */
function topicsOf({ packet, topic = '' }: PacketRecord): string {
  return packet?.type === 'subscribe' ? (packet.subscriptions ?? []).map(({ filter }) => filter).join() : topic;
}

function numberOf(type: string): number {
  return packetTypes.find((facts) => facts.type === type)?.number ?? 0;
}

function expectedLine({ packet, type }: PacketRecord): string[] {
  const id = packet && 'packetId' in packet ? packet.packetId : undefined;
  const message = packet?.type === 'publish' ? packet : undefined;
  return [
    String(numberOf(type)),
    id === undefined ? '' : String(id),
    message ? String(message.qos) : '',
    message ? flag(message.dup) : '',
    message ? flag(message.retain) : '',
    packet?.type === 'connect' ? String(packet.keepAliveSeconds) : '',
  ];
}

function flag(value: boolean | undefined): string {
  return value ? '1' : '0';
}

/** tshark 4.0 writes 1 or 0, later ones True or False; and the id in decimal or hex. */
function comparableLine(fields: readonly string[]): string {
  return fields
    .map((field) =>
      field === 'True' ? '1' : field === 'False' ? '0' : field.startsWith('0x') ? String(Number(field)) : field,
    )
    .join(' ');
}
