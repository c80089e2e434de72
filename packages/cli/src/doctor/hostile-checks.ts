/**
 * What a broker does with packets that are wrong. It may say why, and has to end the connection [MQTT-4.13.1-1]; whether it
 * lives on is looked at afterwards. The bytes are written out, because no encoder would make them.
 */
import type { RawLine } from '../raw/raw-line.ts';
import { type Check, type CheckContext, failed, passed, type Verdict } from './check.ts';

interface Wrong {
  readonly name: string;
  readonly statement: string;
  readonly bytes: readonly number[];
  /** Sent instead of a CONNECT. */
  readonly isFirst?: boolean;
}

/** CONNECT 5.0, clean start, an empty client id; the flags are the byte at index 9. */
const connectBytes = [0x10, 13, 0, 4, 0x4d, 0x51, 0x54, 0x54, 5, 0x02, 0, 60, 0, 0, 0];

const wrongs: readonly Wrong[] = [
  { name: 'a packet before CONNECT', statement: 'MQTT-3.1.0-1', bytes: [0xc0, 0], isFirst: true },
  { name: 'a second CONNECT', statement: 'MQTT-3.1.0-2', bytes: connectBytes },
  {
    name: 'the reserved flag of CONNECT',
    statement: 'MQTT-3.1.2-3',
    bytes: connectBytes.map((byte, index) => (index === 9 ? 0x03 : byte)),
    isFirst: true,
  },
  { name: 'PUBLISH with QoS 3', statement: 'MQTT-3.3.1-4', bytes: [0x36, 6, 0, 1, 0x61, 0, 1, 0] },
  { name: 'PUBLISH to a wildcard', statement: 'MQTT-3.3.2-2', bytes: [0x30, 4, 0, 1, 0x23, 0] },
  { name: 'a topic that is no UTF-8', statement: 'MQTT-1.5.4-1', bytes: [0x30, 5, 0, 2, 0xc3, 0x28, 0] },
  { name: 'a topic with U+0000', statement: 'MQTT-1.5.4-2', bytes: [0x30, 6, 0, 3, 0x61, 0, 0x62, 0] },
  { name: 'topic alias 0', statement: 'MQTT-3.3.2-8', bytes: [0x30, 7, 0, 1, 0x61, 3, 0x23, 0, 0] },
  { name: 'SUBSCRIBE with wrong flags', statement: 'MQTT-3.8.1-1', bytes: [0x80, 7, 0, 1, 0, 0, 1, 0x61, 0] },
  { name: 'SUBSCRIBE without a filter', statement: 'MQTT-3.8.3-2', bytes: [0x82, 3, 0, 1, 0] },
  { name: 'PUBREL with wrong flags', statement: 'MQTT-3.6.1-1', bytes: [0x60, 2, 0, 1] },
  { name: 'UNSUBSCRIBE with wrong flags', statement: 'MQTT-3.10.1-1', bytes: [0xa0, 6, 0, 1, 0, 0, 1, 0x61] },
];

export const hostileChecks: readonly Check[] = wrongs.map((wrong) => ({
  layer: 'statements',
  name: wrong.name,
  statements: [wrong.statement, 'MQTT-4.13.1-1'],
  run: (context) => endure(context, wrong),
}));

async function endure(context: CheckContext, { bytes, isFirst = false }: Wrong): Promise<Verdict> {
  const line = isFirst ? await context.dial() : (await context.connect())[0];
  line.sendBytes(Uint8Array.from(bytes));
  const hasEnded = await line.ends(context.patienceMs);
  const said = await wordsOf(line);
  const [other] = await context.connect().catch(() => []);
  if (other === undefined) return failed('the broker accepts nobody any more');
  return hasEnded ? passed(`the connection is ended${said}`) : failed(`the connection is not ended${said}`);
}

async function wordsOf(line: RawLine): Promise<string> {
  const packet = (await line.next(0, 'disconnect')) ?? (await line.next(0, 'connack'));
  return packet === undefined ? ', without a word' : `, with 0x${packet.reasonCode.toString(16).padStart(2, '0')}`;
}
