/** Outbound messages: what they carry, the stages of their delivery, and how they are read. */
import type { PublishProperties } from '@omqtt/codec';
import type { StoredMessage } from '@omqtt/contracts';
import { bytePattern } from './byte-pattern.ts';
import { expectSame, expectTrue } from './exam-case.ts';
import { messageOf, put, readAll, type StoreArena, type StoreCase } from './store-arena.ts';

export const messageCases: readonly StoreCase[] = [
  { title: 'a message goes through its stages, and keeps all it has', run: stages },
  { title: 'a message that is put again replaces the one with its sequence', run: putAgain },
  { title: 'a change of a message that is not there does nothing', run: unknownSequences },
  { title: 'every property of a message is kept, and those it does not have are absent', run: properties },
  { title: 'an empty payload is kept', run: emptyPayload },
  { title: 'a payload of 8 MiB is kept', run: bigPayload },
  { title: 'the number of messages and the bytes of their payloads are counted', run: counts },
  { title: 'windows begin behind `after` and end at `limit`', run: windows },
  { title: 'windows can be read while messages come and go', run: windowsMeanwhile },
  { title: '10000 messages wait in the order of their sequences', run: manyMessages },
];

async function stages(arena: StoreArena): Promise<void> {
  const start = messageOf(1, { qos: 2, retain: true, payload: bytePattern(300, 1), expiresAt: 1_767_225_600_000 });
  const session = await arena.open();
  await arena.commit({ type: 'put', message: start });
  const sent: StoredMessage = { ...start, stage: 'sent', packetId: 65_535 };
  await arena.commit({ type: 'sent', sequence: 1, packetId: 65_535 });
  expectSame(await session.read(0, 10), [sent], 'The message, sent');
  expectSame(await readAll(await arena.reopen()), [sent], 'The message, sent and reopened');

  // Resumed on another connection it may have to take another id.
  await arena.commit({ type: 'sent', sequence: 1, packetId: 2 }, { type: 'released', sequence: 1 });
  const released: StoredMessage = { ...start, stage: 'released', packetId: 2 };
  expectSame(await readAll(await arena.reopen()), [released], 'The message, released');

  await arena.commit({ type: 'unsent', sequence: 1 });
  expectSame(await readAll(await arena.reopen()), [start], 'The message, unsent');

  await arena.commit({ type: 'remove', sequence: 1 });
  expectSame(await readAll(await arena.reopen()), [], 'The messages, the only one removed');
}

async function putAgain(arena: StoreArena): Promise<void> {
  await arena.open();
  const newer = messageOf(2, { topic: 'newer', payload: bytePattern(50, 2), stage: 'sent', packetId: 4 });
  await arena.commit(put(1), put(2, { properties: { contentType: 'x' }, expiresAt: 5 }), put(3));
  await arena.commit({ type: 'put', message: newer });
  const session = await arena.reopen();
  expectSame(await readAll(session), [messageOf(1), newer, messageOf(3)], 'The messages');
  expectSame(session.outbound, { messages: 3, bytes: 3 + 50 + 3 }, 'outbound');
}

async function unknownSequences(arena: StoreArena): Promise<void> {
  await arena.open();
  await arena.commit(put(5));
  // An acknowledgement can cross a removal, and a commit may be repeated when its outcome was not known.
  await arena.commit(
    { type: 'sent', sequence: 4, packetId: 1 },
    { type: 'released', sequence: 6 },
    { type: 'unsent', sequence: 4 },
    { type: 'remove', sequence: 6 },
    { type: 'remove', sequence: 0 },
    put(7),
  );
  expectSame(await readAll(await arena.reopen()), [messageOf(5), messageOf(7)], 'The messages');
}

async function properties(arena: StoreArena): Promise<void> {
  await arena.open();
  const all: PublishProperties = {
    payloadFormatIndicator: 0,
    messageExpirySeconds: 0xffff_ffff,
    contentType: 'text/plain; charset=é',
    responseTopic: 'reply/\u{1f600}',
    correlationData: Uint8Array.from({ length: 256 }, (_, byte) => byte),
    userProperties: [
      ['b', '2'],
      ['a', '1'],
      ['b', '1'],
      ['', ''],
      ['b', '2'],
      ['__proto__', '\uFEFFx'],
    ],
  };
  const messages = [
    messageOf(1, { properties: all, topic: '/\u{10ffff}//\uFEFF', expiresAt: 8_640_000_000_000_000 }),
    messageOf(2, { properties: { correlationData: new Uint8Array(0) }, qos: 2, retain: true }),
    messageOf(3, { properties: { payloadFormatIndicator: 1, messageExpirySeconds: 0, contentType: '' } }),
    messageOf(4),
  ];
  await arena.commit(...messages.map((message) => ({ type: 'put', message }) as const));
  const found = await readAll(await arena.reopen());
  expectSame(found, messages, 'The messages');
  for (const { correlationData } of found.map(({ properties: some }) => some ?? {})) {
    expectTrue(correlationData === undefined || correlationData instanceof Uint8Array, 'Bytes are not a Uint8Array');
  }
}

async function emptyPayload(arena: StoreArena): Promise<void> {
  await arena.open();
  await arena.commit(put(1, { payload: new Uint8Array(0), retain: true }));
  const session = await arena.reopen();
  const [message] = await session.read(0, 1);
  expectTrue(message?.payload instanceof Uint8Array, 'The empty payload is not a Uint8Array');
  expectSame(message?.payload.length, 0, 'Bytes of the empty payload');
  expectSame(session.outbound, { messages: 1, bytes: 0 }, 'outbound');
}

async function bigPayload(arena: StoreArena): Promise<void> {
  await arena.open();
  const payload = bytePattern(8 * 1024 * 1024, 8);
  // A view into something larger: only the view counts.
  const around = new Uint8Array(payload.length + 20);
  around.set(payload, 10);
  await arena.commit(put(1, { payload: around.subarray(10, 10 + payload.length) }));
  const session = await arena.reopen();
  const [message] = await session.read(0, 1);
  expectSame(message?.payload, payload, 'The payload');
  expectSame(session.outbound, { messages: 1, bytes: payload.length }, 'outbound');
}

async function counts(arena: StoreArena): Promise<void> {
  await arena.open();
  await arena.commit(put(1, { payload: new Uint8Array(100) }), put(2, { payload: new Uint8Array(20) }), put(3));
  await arena.commit({ type: 'remove', sequence: 1 }, { type: 'sent', sequence: 2, packetId: 1 });
  expectSame((await arena.reopen()).outbound, { messages: 2, bytes: 23 }, 'outbound');
  await arena.commit({ type: 'remove', sequence: 2 }, { type: 'remove', sequence: 2 });
  expectSame((await arena.reopen()).outbound, { messages: 1, bytes: 3 }, 'outbound, one more removed twice');
}

async function windows(arena: StoreArena): Promise<void> {
  const session = await arena.open();
  // With gaps, and not put in their order: what counts is the sequence.
  await arena.commit(...[10, 40, 20, 50, 30].map((sequence) => put(sequence)));
  const window = async (after: number, limit: number): Promise<number[]> =>
    (await session.read(after, limit)).map(({ sequence }) => sequence);
  expectSame(await window(0, 2), [10, 20], 'read(0, 2)');
  expectSame(await window(20, 2), [30, 40], 'read(20, 2)');
  expectSame(await window(40, 2), [50], 'read(40, 2)');
  expectSame(await window(50, 2), [], 'read(50, 2)');
  expectSame(await window(25, 1), [30], 'read(25, 1), where no message is');
  expectSame(await window(0, 100), [10, 20, 30, 40, 50], 'read(0, 100)');
}

async function windowsMeanwhile(arena: StoreArena): Promise<void> {
  const session = await arena.open();
  await arena.commit(...range(1, 20).map((sequence) => put(sequence)));
  const first = await session.read(0, 10);
  // The one that was read last, one behind, and one more at the end.
  await arena.commit({ type: 'remove', sequence: 10 }, { type: 'remove', sequence: 12 }, put(21));
  await arena.commit({ type: 'sent', sequence: 11, packetId: 5 });
  const second = await session.read(10, 100);
  expectSame(sequencesOf(first), range(1, 10), 'The first window');
  expectSame(sequencesOf(second), [11, ...range(13, 21)], 'The second window');
  expectSame([second[0]?.stage, second[0]?.packetId], ['sent', 5], 'The stage of a message that was sent meanwhile');
  await arena.commit(...range(1, 21).map((sequence) => ({ type: 'remove', sequence }) as const), put(22));
  expectSame(sequencesOf(await session.read(0, 100)), [22], 'The window after all others were removed');
}

async function manyMessages(arena: StoreArena): Promise<void> {
  const count = 10_000;
  await arena.open();
  for (let from = 1; from <= count; from += 500) {
    await arena.commit(...range(from, from + 499).map((sequence) => put(sequence)));
  }
  await arena.commit({ type: 'remove', sequence: 1 }, { type: 'remove', sequence: 5000 });
  const session = await arena.reopen();
  expectSame(session.outbound, { messages: count - 2, bytes: (count - 2) * 3 }, 'outbound');
  const expected = range(1, count).filter((sequence) => sequence !== 1 && sequence !== 5000);
  const found = await readAll(session, 777);
  expectSame(sequencesOf(found), expected, 'The sequences');
  expectSame(found.at(-1), messageOf(count), 'The last message');
}

function sequencesOf(messages: readonly StoredMessage[]): number[] {
  return messages.map(({ sequence }) => sequence);
}

function range(first: number, last: number): number[] {
  return Array.from({ length: last - first + 1 }, (_, index) => first + index);
}
