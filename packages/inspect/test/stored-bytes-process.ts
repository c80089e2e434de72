/** What records take in truth, and what the store counts for them, for one kind of traffic; as JSON. Needs --expose-gc. */
import { encode, type Packet } from '@omqtt/codec';
import { Inspection } from '../src/index.ts';

const RECORDS = 50_000;
const text = new TextEncoder();

type Sent = readonly [direction: 'c2s' | 's2c', packet: Packet];

const message = (index: number, payload: Uint8Array): Extract<Packet, { readonly type: 'publish' }> => ({
  type: 'publish',
  topic: `sensors/${index % 1000}/temperature`,
  payload,
  qos: 0,
  retain: false,
  dup: false,
});

const kinds: Readonly<Record<string, (index: number) => readonly Sent[]>> = {
  small: (index) => [['c2s', message(index, new Uint8Array(64))]],
  large: (index) => [['c2s', message(index, new Uint8Array(2000))]],
  acknowledged: (index) => {
    const packetId = 1 + (index % 60_000);
    const properties = { messageExpirySeconds: 60, userProperties: [['site', `north ${index}`] as const] };
    const payload = text.encode(JSON.stringify({ temp: index % 40, unit: 'C' }));
    return [
      ['c2s', { ...message(index, payload), qos: 1, packetId, properties }],
      ['s2c', { type: 'puback', packetId, reasonCode: 0 }],
    ];
  },
  // PUBACK for what nobody sent.
  faulty: (index) => [['s2c', { type: 'puback', packetId: 1 + (index % 60_000), reasonCode: 0 }]],
};

const next = kinds[process.argv[2] ?? ''];
if (next === undefined || gc === undefined) {
  throw new Error(`one of ${Object.keys(kinds).join(', ')}, with --expose-gc`);
}

/** The first inspection brings what all share, such as compiled code. */
fill(new Inspection(), next);
const before = memoryBytes();
const inspection = new Inspection();
fill(inspection, next);
const taken = memoryBytes() - before;
const { length, storedBytes } = inspection.records;
process.stdout.write(JSON.stringify({ length, taken, counted: storedBytes }));

function fill(filled: Inspection, packets: (index: number) => readonly Sent[]): void {
  let at = Date.UTC(2026, 0, 1);
  const say = ([direction, packet]: Sent): void => {
    at += 0.1;
    filled.bytes('one', direction, { chunk: encode(packet, '5.0'), at });
  };
  say(['c2s', { type: 'connect', version: '5.0', clientId: 'dev-1', cleanStart: true, keepAliveSeconds: 0 }]);
  say(['s2c', { type: 'connack', sessionPresent: false, reasonCode: 0 }]);
  for (let index = 0; filled.records.length < RECORDS; index += 1) for (const sent of packets(index)) say(sent);
  filled.takeChanged();
}

/** What is left when nothing more goes. */
function memoryBytes(): number {
  let least = Infinity;
  for (;;) {
    gc?.();
    const { heapUsed, arrayBuffers } = process.memoryUsage();
    if (heapUsed + arrayBuffers >= least) return least;
    least = heapUsed + arrayBuffers;
  }
}
