import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packetFrom } from '@omqtt/testkit/arbitraries';
import { encode } from '@omqtt/codec';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  compileFilter,
  exportNdjson,
  exportOmq,
  exportPcapng,
  importCapture,
  Inspection,
  omqMagic,
  replay,
  toOmqEntry,
  UnknownCaptureError,
  type MarkComments,
  type PacketRecord,
} from '../../src/index.ts';
import { bytesOf } from '../../src/platform-text.ts';

const probe = importCapture(readFileSync(join(import.meta.dirname, '..', 'fixtures', 'lint-probe.pcap')));
const probeRecords = replay(probe.events, new Inspection());

/** Everything but what only the clock and the ends of the connections show, which records alone do not tell. */
function comparable(records: readonly PacketRecord[]): unknown {
  return records.map(({ number, connection, direction, at, bytes, size, type, packet, topic, marks }) => ({
    number,
    connection,
    direction,
    at,
    bytes: [...bytes],
    size,
    type,
    packet,
    topic,
    marks,
  }));
}

function codecIds(records: readonly PacketRecord[]): unknown {
  return records.map(({ findings }) => findings.filter(({ level }) => level === 'codec'));
}

/** NDJSON has nanoseconds, and so may differ by less than one. */
function withWholeTimes(list: unknown): unknown {
  return JSON.parse(
    JSON.stringify(list, (key, value: unknown) => (key === 'at' ? Math.round(value as number) : value)),
  );
}

function onWire({ direction, at, bytes, connection }: PacketRecord): unknown {
  return { direction, at, bytes: [...bytes], connection };
}

function problemOf(bytes: Uint8Array): unknown {
  try {
    replay(importCapture(bytes).events, new Inspection());
    return undefined;
  } catch (error) {
    return error instanceof UnknownCaptureError ? error.code : error;
  }
}

const writers = {
  NDJSON: (records: readonly PacketRecord[], marks?: MarkComments) => bytesOf(exportNdjson(records, marks)),
  '.omq': (records: readonly PacketRecord[], marks?: MarkComments) => exportOmq(records, marks),
};

describe.each(Object.entries(writers))('%s', (_name, write) => {
  test('the probe comes back with the same records and findings', () => {
    const { events, problems } = importCapture(write(probeRecords));
    const again = replay(events, new Inspection());
    expect(problems).toEqual([]);
    expect(comparable(again)).toEqual(comparable(probeRecords));
    expect(codecIds(again)).toEqual(codecIds(probeRecords));
  });

  test('marks come back with their packets, and where connections came in with each connection', () => {
    const inspection = new Inspection();
    const origins = {
      one: { listener: 'mqtts://127.0.0.1:8883', sni: 'bröker.example' },
      two: { listener: 'ws://[::1]:80' },
    };
    inspection.open('one', { at: 1, origin: origins.one });
    inspection.open('two', { at: 1, origin: origins.two });
    const ping = Uint8Array.of(0xc0, 0x00);
    const records = ['one', 'two', 'three', 'one'].flatMap((connection, at) =>
      inspection.bytes(connection, 'c2s', { chunk: ping, at: at + 2 }),
    );
    const marks = new Map([
      [1, ''],
      [4, 'why "now"?\n✓'],
    ]);
    const { events, problems } = importCapture(write(records, marks));
    expect(problems).toEqual([]);
    expect(events.map((event) => event.type === 'packet' && event.mark)).toEqual([
      '',
      undefined,
      undefined,
      'why "now"?\n✓',
    ]);
    const again = replay(events, new Inspection());
    expect(again.map(({ origin }) => origin)).toEqual([origins.one, origins.two, undefined, origins.one]);
    expect(compileFilter('sni:bröker.example').matches?.(again[3] as PacketRecord)).toBe(true);
  });

  test('any bytes, garbage and cut packets included, come back as they were', () => {
    const chunks = fc.array(
      fc.tuple(fc.constantFrom('c2s' as const, 's2c' as const), fc.uint8Array({ maxLength: 40 })),
      { maxLength: 20 },
    );
    fc.assert(
      fc.property(chunks, fc.double({ min: 0, max: 4e12, noNaN: true }), (pieces, at) => {
        const inspection = new Inspection();
        const records = pieces.flatMap(([direction, chunk]) => inspection.bytes('x é', direction, { chunk, at }));
        records.push(...inspection.close('x é', { at, by: 'client' }));
        const { events } = records.length === 0 ? { events: [] } : importCapture(write(records));
        const shown = comparable(replay(events, new Inspection()));
        expect(withWholeTimes(shown)).toEqual(withWholeTimes(comparable(records)));
      }),
      { numRuns: 100 },
    );
  });
});

test('the end of an .omq file that was being written is left out, and said', () => {
  const bytes = exportOmq(probeRecords.slice(0, 10));
  const { events, problems } = importCapture(bytes.subarray(0, bytes.length - 3));
  expect(events).toHaveLength(9);
  expect(problems).toHaveLength(1);
});

test('an .omq file that grows says with the connection where it came in', () => {
  const origin = { listener: 'mqtt://127.0.0.1:1884' };
  const opening = { type: 'open', connection: 'one', at: 1, isPartial: true, isEndSeen: true } as const;
  const bytes = [...omqMagic, ...toOmqEntry({ ...opening, origin }), ...toOmqEntry({ ...opening, connection: 'two' })];
  expect(importCapture(Uint8Array.from(bytes)).events).toEqual([
    { ...opening, origin },
    { ...opening, connection: 'two' },
  ]);
});

test('a mark is a comment of its packet in pcapng, and comes back, beside comments of findings', () => {
  const [one, other] = probeRecords.filter(({ findings }) => findings.length > 0);
  const silent = probeRecords.find(({ findings }) => findings.length === 0);
  if (!one || !other || !silent) throw new Error('The probes have no such packets.');
  const marks = new Map([
    [one.number, 'look here: größer'],
    [silent.number, ''],
  ]);
  const file = exportPcapng([one, other, silent], marks);
  expect(new TextDecoder('latin1').decode(file)).toContain('marked: look here');
  const events = importCapture(file).events.filter(({ type }) => type === 'packet');
  expect(events.map((event) => (event.type === 'packet' ? event.mark : undefined))).toEqual([
    'look here: größer',
    undefined,
    '',
  ]);
});

test('pcapng comes back with the packets, directions and times that were written', () => {
  const again = replay(importCapture(exportPcapng(probeRecords)).events, new Inspection());
  expect(again.map(onWire)).toEqual(probeRecords.map(onWire));
});

test('what is no capture is refused with an error that has a code', () => {
  for (const text of ['', 'hello', '{"v":2}', '{']) {
    expect(() => importCapture(bytesOf(text))).toThrow(UnknownCaptureError);
  }
});

test('damaged captures never throw anything else', () => {
  const files = [
    readFileSync(join(import.meta.dirname, '..', 'fixtures', 'lint-probe.pcap')).subarray(0, 3000),
    exportPcapng(probeRecords.slice(0, 20)),
    exportOmq(probeRecords.slice(0, 20)),
    bytesOf(exportNdjson(probeRecords.slice(0, 20))),
  ];
  fc.assert(
    fc.property(
      fc.constantFrom(...files),
      fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 20 }),
      (file, damages) => {
        const bytes = file.slice();
        for (const [at, value] of damages) bytes[at % bytes.length] = value;
        expect([undefined, 'unknown-capture']).toContain(problemOf(bytes));
      },
    ),
    { numRuns: 300 },
  );
});

test('packets of both versions live through .omq', () => {
  fc.assert(
    fc.property(packetFrom('5.0', 'client'), (packet) => {
      const inspection = new Inspection({ assumedVersion: '5.0' });
      const chunk = encode(packet, '5.0', { role: 'client' });
      const records = inspection.bytes('one', 'c2s', { chunk, at: 1000 });
      const again = replay(importCapture(exportOmq(records)).events, new Inspection({ assumedVersion: '5.0' }));
      expect(again[0]?.packet).toEqual(records[0]?.packet);
    }),
    { numRuns: 50 },
  );
});

test('.omq has how each connection ended', () => {
  const closings = [
    { at: 2, by: 'server' },
    { at: 3, by: undefined, reason: 'mqtt://127.0.0.1:1 cannot be reached' },
  ] as const;
  const entries = closings.map((closing) => toOmqEntry({ type: 'close', connection: `c-${closing.at}`, ...closing }));
  const file = Uint8Array.from([omqMagic, ...entries].flatMap((each) => [...each]));
  expect(importCapture(file).events).toEqual(
    closings.map((closing) => ({ type: 'close', connection: `c-${closing.at}`, ...closing })),
  );
});
