/** Has tshark take captured packets apart, and returns what it found. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { captureFile, FIRST_CLIENT_PORT, type Sent } from './capture-file.ts';

/** One MQTT packet: its size, and its fields in their order, each as its name and a value. */
export interface Dissected {
  readonly stream: number;
  readonly size: number;
  readonly fields: readonly string[];
  /** Complaints of tshark. */
  readonly complaints: readonly string[];
}

export function dissect(tshark: string, sent: readonly Sent[]): Dissected[] {
  const folder = mkdtempSync(join(tmpdir(), 'omqtt-tshark-'));
  try {
    const file = join(folder, 'packets.pcap');
    writeFileSync(file, captureFile(sent));
    // PDML is the one format that keeps the order of fields, and shows texts as the bytes that they are.
    const options = ['-r', file, '-T', 'pdml', '-J', 'tcp mqtt'] as const;
    const { status, stdout, stderr } = spawnSync(tshark, options, { encoding: 'latin1', maxBuffer: 2 ** 30 });
    if (status !== 0) throw new Error(`tshark failed: ${stderr}`);
    return readDissection(stdout);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

type Attributes = Readonly<Record<string, string>>;

function readDissection(pdml: string): Dissected[] {
  const found: { stream: number; size: number; fields: string[]; complaints: string[] }[] = [];
  let stream = 0;
  for (const [, text = ''] of pdml.matchAll(/<(?:proto|field) ([^>]*)>/g)) {
    const attributes = attributesOf(text);
    const { name = '', show = '', size } = attributes;
    const last = found.at(-1);
    if (name === 'mqtt') found.push({ stream, size: Number(size), fields: [], complaints: [] });
    if (name.startsWith('mqtt.')) last?.fields.push(...fieldsOf(attributes));
    if (name === '_ws.expert.message' || name === '_ws.malformed') last?.complaints.push(show || name);
    const isPort = name === 'tcp.srcport' || name === 'tcp.dstport';
    if (isPort && Number(show) >= FIRST_CLIENT_PORT) stream = Number(show) - FIRST_CLIENT_PORT;
  }
  return found;
}

function attributesOf(text: string): Attributes {
  return Object.fromEntries(
    Array.from(text.matchAll(/(\w+)="([^"]*)"/g), ([, name, value]) => [name ?? '', value ?? '']),
  );
}

function fieldsOf({ name = '', show = '', value = '' }: Attributes): string[] {
  if (summaries.has(name)) return [];
  // Of an empty field the length alone is there, or the field as well, depending on its type.
  if (asBytes.has(name)) return value === '' ? [] : [`${name} ${value}`];
  // tshark 4.0 finds the end of this one, but shows its bytes as if they were one number.
  if (name === 'mqtt.property_len') return [`${name} ${variableInteger(Buffer.from(value, 'hex'))}`];
  // Unlike other texts, this one comes with its length of two bytes.
  if (name === 'mqtt.property.content_type') return [`${name} ${value.slice(4)}`];
  return [`${name} ${Number(show)}`];
}

function variableInteger(bytes: Uint8Array): number {
  return bytes.reduceRight((sum, byte) => sum * 0x80 + (byte & 0x7f), 0);
}

/** What stands above other fields, and says what they say; what is reserved; and a note about an empty topic. */
const summaries: ReadonlySet<string> = new Set([
  'mqtt.hdrflags',
  'mqtt.hdr_reserved',
  'mqtt.retain_reserved',
  'mqtt.conflags',
  'mqtt.conflag.reserved',
  'mqtt.conack.flags',
  'mqtt.conack.flags.reserved',
  'mqtt.subscription_options',
  'mqtt.subscription_options_reserved',
  'mqtt.properties',
  'mqtt.will_properties',
  'mqtt.unknown_topic_alias',
]);

const asBytes: ReadonlySet<string> = new Set([
  'mqtt.protoname',
  'mqtt.clientid',
  'mqtt.topic',
  'mqtt.willtopic',
  'mqtt.willmsg',
  'mqtt.username',
  'mqtt.passwd',
  'mqtt.msg',
  'mqtt.prop_string',
  'mqtt.prop_key',
  'mqtt.prop_value',
]);
