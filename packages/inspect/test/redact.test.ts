import { encode, type Packet } from '@omqtt/codec';
import { expect, test } from 'vitest';
import {
  exportNdjson,
  exportPcapng,
  formatHex,
  formatTree,
  Inspection,
  redact,
  type PacketRecord,
  type RedactionPolicy,
} from '../src/index.ts';
import { bytesOf, textOf } from '../src/platform-text.ts';

const connect: Packet = {
  type: 'connect',
  version: '5.0',
  clientId: 'dev',
  cleanStart: true,
  keepAliveSeconds: 60,
  username: 'paul',
  password: bytesOf('hunter2!'),
  properties: {
    authenticationMethod: 'm',
    authenticationData: bytesOf('proofproof'),
    userProperties: [
      ['x-api-key', 'tell-nobody'],
      ['colour', 'green'],
    ],
  },
};

function recordOf(packet: Packet): PacketRecord {
  const inspection = new Inspection({ assumedVersion: '5.0' });
  const [record] = inspection.bytes('one', 'c2s', { chunk: encode(packet, '5.0'), at: 0 });
  return record as PacketRecord;
}

function message(payload: string): PacketRecord {
  const packet: Packet = {
    type: 'publish',
    topic: 'house/alarm',
    payload: bytesOf(payload),
    qos: 0,
    retain: false,
    dup: false,
  };
  return recordOf(packet);
}

/** All that could be made of a record and shown to somebody. */
function everythingShown(record: PacketRecord): string {
  const file = Array.from(exportPcapng([record]), (byte) => String.fromCharCode(byte)).join('');
  const raw = Array.from(record.bytes, (byte) => String.fromCharCode(byte)).join('');
  return [formatTree(record), formatHex(record.bytes), exportNdjson([record]), JSON.stringify(record), file, raw].join(
    '\n',
  );
}

function payloadAfter(payload: string, policy: RedactionPolicy): string | undefined {
  const { packet } = redact(message(payload), policy);
  return packet?.type === 'publish' && packet.payload ? textOf(packet.payload) : undefined;
}

test('password, authentication data and secret-looking properties are gone from all that is shown', () => {
  const record = recordOf(connect);
  const shown = everythingShown(redact(record));
  for (const secret of ['hunter2!', 'proofproof', 'tell-nobody']) {
    expect(everythingShown(record)).toContain(secret);
    expect(shown).not.toContain(secret);
  }
  for (const harmless of ['paul', 'green', 'x-api-key']) expect(shown).toContain(harmless);
});

test('the masked packet can still be read, says that it is masked, and leaves the record as it was', () => {
  const record = recordOf(connect);
  const masked = redact(record);
  expect(masked.packet).toMatchObject({ username: 'paul', password: bytesOf('********') });
  expect(masked.marks).toContain('redacted');
  expect(record.packet).toEqual(connect);
});

test('a record without secrets is the same object', () => {
  const record = message('harmless');
  expect(redact(record)).toBe(record);
});

test('payloads of secret topics, secret members of JSON and named fields are masked on demand', () => {
  expect(payloadAfter('code 1234', { topics: ['house/#'] })).toBe('*********');
  expect(payloadAfter('{"pin":"12\\"34","n":[1,2],"ok":true}', { jsonKeys: ['pin', 'n'] })).toBe(
    '{"pin":"******","n":*****,"ok":true}',
  );
  expect(payloadAfter('{"ä":1,"pin":1234}', { jsonKeys: ['pin'] })).toBe('{"ä":1,"pin":****}');
  expect(everythingShown(redact(recordOf(connect), { fields: ['username'] }))).not.toContain('paul');
});

test('what is left of a damaged CONNECT is masked, as it may be the password', () => {
  const bytes = encode(connect, '5.0').slice();
  // The connect flags no longer announce user name and password.
  bytes[9] = 0x02;
  const inspection = new Inspection();
  const [record] = inspection.bytes('one', 'c2s', { chunk: bytes, at: 0 });
  expect(everythingShown(redact(record as PacketRecord))).not.toContain('hunter2!');
});
