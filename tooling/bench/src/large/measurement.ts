/** Whether reading large packets costs no more for each byte than reading small ones, however they come in pieces. */
import { PacketStream } from '@omqtt/codec';
import mqttPacket from 'mqtt-packet';
import type { Measurement } from '../contest.ts';
import { cost, type Report } from '../figures.ts';
import { median } from '../statistics.ts';
import { formatTable } from '../table.ts';

const MEBIBYTE = 1024 * 1024;
/** A byte of four times as many may cost up to twice as much: caches and garbage are part of the truth. */
const BUDGET_GROWTH = 2;

interface Case {
  readonly name: string;
  readonly chunkBytes: number;
  /** The second is four times the first. */
  readonly payloadBytes: readonly [number, number];
  readonly readers: readonly (keyof typeof readers)[];
}

const readers = { omqtt: readWithOurs, 'mqtt-packet': readWithPeer, 'one copy': copyOnce };

const cases: readonly Case[] = [
  {
    name: '64 KiB chunks',
    chunkBytes: 65_536,
    payloadBytes: [16 * MEBIBYTE, 64 * MEBIBYTE],
    readers: ['omqtt', 'mqtt-packet', 'one copy'],
  },
  { name: '1-byte chunks', chunkBytes: 1, payloadBytes: [MEBIBYTE / 4, MEBIBYTE], readers: ['omqtt'] },
];

interface Row {
  readonly name: string;
  readonly reader: string;
  /** Milliseconds for the smaller and the larger payload. */
  readonly milliseconds: readonly [number, number];
  /** By how much a byte of the larger costs more. */
  readonly growth: number;
}

export const largeMeasurement: Measurement = {
  summary: 'a message of 64 MiB, against mqtt-packet, and one of 1 MiB that comes byte by byte',
  report({ rounds }) {
    const rows = cases.flatMap(({ name, chunkBytes, payloadBytes, readers: names }) =>
      names.map((reader): Row => {
        const read = readers[reader];
        // The first round is for the compilers.
        const milliseconds = payloadBytes.map((bytes) => {
          const chunks = chunksOf(bytes, chunkBytes);
          return median(Array.from({ length: rounds + 1 }, () => timeReading(read, chunks, bytes)).slice(1));
        });
        const [small = Number.NaN, large = Number.NaN] = milliseconds;
        return { name, reader, milliseconds: [small, large], growth: large / small / 4 };
      }),
    );
    return Promise.resolve(table(rows));
  },
};

/** A PUBLISH of QoS 0. */
function chunksOf(payloadBytes: number, chunkBytes: number): Buffer[] {
  const length: number[] = [];
  for (let rest = payloadBytes + 3; rest > 0; rest = Math.floor(rest / 128)) {
    length.push((rest % 128) | (rest >= 128 ? 0x80 : 0));
  }
  const bytes = Buffer.concat([Buffer.from([0x30, ...length, 0, 1, 0x74]), Buffer.alloc(payloadBytes, 0x2e)]);
  const chunks: Buffer[] = [];
  for (let start = 0; start < bytes.length; start += chunkBytes) chunks.push(bytes.subarray(start, start + chunkBytes));
  return chunks;
}

type Read = (chunks: readonly Buffer[]) => number;

/** Milliseconds of CPU time. */
function timeReading(read: Read, chunks: readonly Buffer[], payloadBytes: number): number {
  globalThis.gc?.();
  const start = process.cpuUsage();
  const done = read(chunks);
  const { user, system } = process.cpuUsage(start);
  if (done !== payloadBytes) throw new Error(`${done} bytes were read instead of ${payloadBytes}`);
  return (user + system) / 1000;
}

function readWithOurs(chunks: readonly Buffer[]): number {
  const stream = new PacketStream({ version: '3.1.1', role: 'client' });
  let bytes = 0;
  for (const chunk of chunks) {
    for (const packet of stream.push(chunk)) if (packet.type === 'publish') bytes += packet.payload.length;
  }
  return bytes;
}

/** The limit: the payload has to be in one piece, and memory of this size is new each time. */
function copyOnce(chunks: readonly Buffer[]): number {
  const whole = new Uint8Array(chunks.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.length;
  }
  const [, first = 0, second = 0, third = 0, fourth = 0] = whole;
  const lengthBytes = [first, second, third, fourth].findIndex((byte) => byte < 0x80) + 1;
  return at - 1 - lengthBytes - 3;
}

function readWithPeer(chunks: readonly Buffer[]): number {
  const parser = mqttPacket.parser({ protocolVersion: 4 });
  let bytes = 0;
  parser.on('packet', (packet) => {
    if (packet.cmd === 'publish') bytes += packet.payload.length;
  });
  for (const chunk of chunks) parser.parse(chunk);
  return bytes;
}

function table(rows: readonly Row[]): Report {
  const copying = rows.find(({ reader }) => reader === 'one copy')?.growth ?? Number.NaN;
  const most = Math.max(...rows.filter(({ reader }) => reader === 'omqtt').map(({ growth }) => growth));
  const columns = [
    { title: 'message', cell: ({ name }: Row) => name },
    { title: 'reader', cell: ({ reader }: Row) => reader },
    { title: 'a quarter, ms', cell: ({ milliseconds }: Row) => milliseconds[0].toFixed(1), align: 'right' },
    { title: 'all, ms', cell: ({ milliseconds }: Row) => milliseconds[1].toFixed(1), align: 'right' },
    { title: 'growth for each byte', cell: ({ growth }: Row) => growth.toFixed(2), align: 'right' },
  ] as const;
  const text = `${formatTable(columns, rows)}

64 MiB in chunks of 64 KiB, and 1 MiB in chunks of one byte; median CPU time. Growth 1 is linear. One copy: into new memory,
which comes from the system page by page above 32 MiB, so its growth of ${copying.toFixed(2)} is the least that a copy has.
Budget: a byte of the larger message costs at most ${BUDGET_GROWTH} times a byte of a quarter of it: ${most <= BUDGET_GROWTH ? 'met' : 'missed'}.`;
  const figures = rows.flatMap(({ name, reader, milliseconds, growth }) => [
    cost(`${name} · ${reader}`, milliseconds[1], 'ms'),
    cost(`${name}, a byte of all by one of a quarter · ${reader}`, growth, '×'),
  ]);
  return { text, figures };
}
