// Runs in an empty project that installed the package, in every runtime: only what all of them have is used here.
import { decode, encode, PacketStream } from '@omqtt/codec';

/** @type {import('@omqtt/codec').PublishPacket} */
const publish = {
  type: 'publish',
  topic: 'room/1/°C',
  payload: Uint8Array.of(0x32, 0x31),
  qos: 1,
  retain: false,
  dup: false,
  packetId: 7,
  properties: { contentType: 'text/plain', userProperties: [['unit', '°C']] },
};

const bytes = encode(publish, '5.0');
expectSame(decode(bytes, '5.0'), publish, 'decode');

const stream = new PacketStream({ version: '5.0', role: 'either' });
const packets = [...bytes].flatMap((byte) => stream.push(Uint8Array.of(byte)));
expectSame(packets, [publish], 'PacketStream');

/** @param {unknown} actual @param {unknown} expected @param {string} what */
function expectSame(actual, expected, what) {
  const [got, wanted] = [inOrder(actual), inOrder(expected)];
  if (got !== wanted) throw new Error(`${what} returned ${got} instead of ${wanted}`);
}

/** Text that is the same for equal values, whatever the order of their members. @param {unknown} value @returns {string} */
function inOrder(value) {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'undefined';
  if (value instanceof Uint8Array) return `bytes ${value.join(' ')}`;
  if (Array.isArray(value)) return `[${value.map(inOrder).join()}]`;
  const members = Object.entries(value).map(([key, member]) => `${key}:${inOrder(member)}`);
  return `{${members.toSorted().join()}}`;
}
