/** What the inspector costs: decoding, linting and storing packets, and filtering 100 000 of them. In CPU time. */
import { encode, type Packet } from '@omqtt/codec';
import { compileFilter, Inspection, type PacketRecord } from '@omqtt/inspect';
import type { Measurement } from '../contest.ts';
import { cost, gain } from '../figures.ts';
import { median } from '../statistics.ts';
import { formatTable } from '../table.ts';

const PACKETS = 100_000;
const BUDGET_MILLISECONDS = 100;
const filters = [
  'type:publish dir:c2s qos>=1',
  'rtt>200ms',
  'topic:sensors/+/temp size>10',
  'client:dev-*',
  'has:lint',
  'payload.json.temp>20',
  '"text that is nowhere"',
];

interface Row {
  readonly name: string;
  readonly times: number[];
}

export const inspectMeasurement: Measurement = {
  summary: 'packets that the inspector decodes, lints and stores in a second, and filters over 100 000',
  report({ rounds }) {
    const chunks = conversation();
    const storing: number[] = [];
    const rows = filters.map((name): Row => ({ name, times: [] }));
    for (let round = 0; round <= rounds; round += 1) {
      const inspection = new Inspection();
      const stored = cpuMilliseconds(() => inspect(inspection, chunks));
      const records = [...inspection.records];
      const times = filters.map((text) => timeOfFilter(text, records));
      // The first round warms up.
      if (round === 0) continue;
      storing.push(stored);
      for (const [index, time] of times.entries()) rows[index]?.times.push(time);
    }
    const perSecond = Math.round((PACKETS / median(storing)) * 1000);
    const isMet = rows.slice(0, -2).every(({ times }) => median(times) < BUDGET_MILLISECONDS);
    const head = `decode, lint and store: ${perSecond} packets for each second of CPU time`;
    const verdict = `Budget of column filters: ${BUDGET_MILLISECONDS} ms ${isMet ? 'met' : 'missed'}.`;
    return Promise.resolve({
      text: `${head}\n\n${formatTable(columns, rows)}\n\n${verdict}`,
      figures: [
        gain('decode, lint and store', perSecond, 'per s'),
        ...rows.map(({ name, times }) => cost(`filter ${name}`, median(times), 'ms')),
      ],
    });
  },
};

const columns = [
  { title: `filter over ${PACKETS} packets`, cell: ({ name }: Row) => name },
  { title: 'median ms', cell: ({ times }: Row) => median(times).toFixed(1), align: 'right' },
  { title: 'most', cell: ({ times }: Row) => Math.max(...times).toFixed(1), align: 'right' },
] as const;

/** QoS 1 messages with properties and a JSON payload, and their acknowledgements. */
function conversation(): Packet[] {
  const connect = {
    type: 'connect',
    version: '5.0',
    clientId: 'dev-1',
    cleanStart: true,
    keepAliveSeconds: 0,
  } as const;
  const packets: Packet[] = [connect, { type: 'connack', sessionPresent: false, reasonCode: 0 }];
  for (let index = 0; packets.length < PACKETS; index += 1) {
    const packetId = 1 + (index % 60_000);
    const payload = new TextEncoder().encode(JSON.stringify({ temp: index % 40, unit: 'C', filler: 'x'.repeat(40) }));
    const properties = { messageExpirySeconds: 60, userProperties: [['site', 'north'] as const] };
    const topic = `sensors/${index % 50}/temp`;
    packets.push({ type: 'publish', topic, payload, qos: 1, retain: false, dup: false, packetId, properties });
    packets.push({ type: 'puback', packetId, reasonCode: 0 });
  }
  return packets;
}

function inspect(inspection: Inspection, packets: readonly Packet[]): void {
  let at = Date.UTC(2026, 0, 1);
  for (const packet of packets) {
    at += 0.1;
    const direction = packet.type === 'connack' || packet.type === 'puback' ? 's2c' : 'c2s';
    inspection.bytes('one', direction, { chunk: encoded(packet), at });
  }
}

const wire = new WeakMap<Packet, Uint8Array>();

/** Encoded in the round that warms up. */
function encoded(packet: Packet): Uint8Array {
  const known = wire.get(packet);
  if (known) return known;
  const bytes = encode(packet, '5.0');
  wire.set(packet, bytes);
  return bytes;
}

function timeOfFilter(text: string, records: readonly PacketRecord[]): number {
  const { matches } = compileFilter(text);
  if (matches === undefined) throw new Error(`the filter ${text} is wrong`);
  return cpuMilliseconds(() => records.filter((record) => matches(record)));
}

function cpuMilliseconds(work: () => unknown): number {
  const start = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1000;
}
