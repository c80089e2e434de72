/** The fields of the filter language: what they are called, of which kind they are, and where a record has them. */
import { packetTypes, reasonName } from '@omqtt/codec';
import { faultOf, type PacketRecord, type RecordMark } from '../packet-record.ts';

export type FieldKind = 'number' | 'milliseconds' | 'bytes' | 'time' | 'word' | 'text' | 'topic';

type Read = (record: PacketRecord, now: number) => number | string | readonly string[] | undefined;

export interface FilterField {
  readonly kind: FieldKind;
  readonly summary: string;
  /** What it can be, for fields of a few words. */
  readonly words?: readonly string[];
  readonly read: Read;
}

const types = [...packetTypes.map(({ type }) => type), 'reserved', 'garbage'];

export const filterFields: Readonly<Record<string, FilterField>> = {
  type: { kind: 'word', words: types, summary: 'packet type', read: ({ type }) => type },
  dir: { kind: 'word', words: ['c2s', 's2c'], summary: 'direction', read: ({ direction }) => direction },
  version: { kind: 'word', words: ['5.0', '3.1.1'], summary: 'MQTT version', read: ({ version }) => version },
  severity: {
    kind: 'word',
    words: ['error', 'warning', 'note'],
    summary: 'severity of a finding',
    read: ({ findings }) => findings.map(({ severity }) => severity),
  },
  pair: {
    kind: 'word',
    words: ['open', 'done', 'refused', 'lost'],
    summary: 'state of the exchange',
    read: ({ pair }) => pair?.status,
  },
  client: { kind: 'text', summary: 'client id', read: ({ clientId }) => clientId },
  conn: { kind: 'text', summary: 'connection', read: ({ connection }) => connection },
  listener: {
    kind: 'text',
    summary: 'URL of the listener that took the connection',
    read: ({ origin }) => origin?.listener,
  },
  sni: { kind: 'text', summary: 'name that the client asked for in TLS', read: ({ origin }) => origin?.sni },
  topic: { kind: 'topic', summary: 'topic of a message; : takes a topic filter', read: ({ topic }) => topic },
  filter: { kind: 'text', summary: 'topic filter of a SUBSCRIBE or UNSUBSCRIBE', read: filtersOf },
  lint: { kind: 'text', summary: 'id of a finding', read: ({ findings }) => findings.flatMap(({ ids }) => ids) },
  rcname: {
    kind: 'text',
    summary: 'name of the reason code',
    read: (record) => reasonCodesOf(record).map((code) => reasonName(code, packetTypeOf(record))),
  },
  number: { kind: 'number', summary: 'number of the packet', read: ({ number }) => number },
  qos: { kind: 'number', summary: 'QoS', read: ({ packet }) => (packet?.type === 'publish' ? packet.qos : undefined) },
  pid: {
    kind: 'number',
    summary: 'packet identifier',
    read: ({ packet }) => (packet && 'packetId' in packet ? packet.packetId : undefined),
  },
  rc: {
    kind: 'number',
    summary: 'reason code; of several the highest',
    read: (record) => highest(reasonCodesOf(record)),
  },
  size: { kind: 'bytes', summary: 'bytes on the wire', read: ({ size }) => size },
  alias: {
    kind: 'number',
    summary: 'topic alias',
    read: ({ packet }) => (packet?.type === 'publish' ? packet.properties?.topicAlias : undefined),
  },
  keepalive: {
    kind: 'number',
    summary: 'keep alive in seconds',
    read: ({ packet }) => (packet?.type === 'connect' ? packet.keepAliveSeconds : undefined),
  },
  rtt: { kind: 'milliseconds', summary: 'round trip of the exchange', read: ({ pair }) => pair?.roundTripMs },
  age: { kind: 'milliseconds', summary: 'time since the packet', read: ({ at }, now) => now - at },
  time: { kind: 'time', summary: 'time of day (UTC), or date and time', read: ({ at }) => at },
};

function packetTypeOf({ packet }: PacketRecord): NonNullable<PacketRecord['packet']>['type'] | undefined {
  return packet?.type;
}

function filtersOf({ packet }: PacketRecord): readonly string[] {
  if (packet?.type === 'subscribe') return (packet.subscriptions ?? []).map(({ filter }) => filter);
  return packet?.type === 'unsubscribe' ? (packet.filters ?? []) : [];
}

function reasonCodesOf({ packet }: PacketRecord): readonly number[] {
  if (packet === undefined) return [];
  if (packet.type === 'suback' || packet.type === 'unsuback') return packet.reasonCodes ?? [];
  return 'reasonCode' in packet && packet.reasonCode !== undefined ? [packet.reasonCode] : [];
}

function highest(codes: readonly number[]): number | undefined {
  return codes.length === 0 ? undefined : Math.max(...codes);
}

/** What `is:` asks. */
export const filterFlags: Readonly<Record<string, (record: PacketRecord) => boolean>> = {
  retain: ({ packet }) => packet?.type === 'publish' && packet.retain === true,
  dup: ({ packet }) => packet?.type === 'publish' && packet.dup === true,
  will: ({ packet }) => packet?.type === 'connect' && packet.will !== undefined,
  unacked: ({ pair }) => pair?.status === 'open',
  refused: ({ pair }) => pair?.status === 'refused',
  late: ({ findings }) => findings.some(({ rule }) => rule.startsWith('late-')),
  malformed: (record) => faultOf(record) !== undefined,
  ...Object.fromEntries(
    (
      [
        'orphan',
        'duplicate',
        'redelivery',
        'shortened',
        'cut',
        'redacted',
        'edited',
        'injected',
        'faulted',
        'held',
        'marked',
      ] as const
    ).map((mark: RecordMark) => [mark, ({ marks }: PacketRecord) => marks.includes(mark)]),
  ),
};
