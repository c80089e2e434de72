/** What a browser has to load: the published files, bundled, minified and compressed. */
import { build } from 'esbuild';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import type { Measurement } from '../contest.ts';
import { cost, type Figure } from '../figures.ts';
import { formatTable, type Column } from '../table.ts';

interface Bundle {
  readonly case: string;
  readonly who: string;
  readonly code: string;
}

interface Row {
  readonly case: string;
  readonly who: string;
  readonly minified: number;
  readonly gzip: number;
  readonly brotli: number;
}

const bundles: readonly Bundle[] = [
  { case: 'connect', who: 'omqtt', code: `export { connect } from 'omqtt'` },
  { case: 'connect', who: 'MQTT.js', code: `import mqtt from 'mqtt'; export const connect = mqtt.connect` },
  { case: 'everything', who: 'omqtt', code: `export * from 'omqtt'` },
  { case: 'everything', who: 'MQTT.js', code: `export * from 'mqtt'; export { default } from 'mqtt'` },
  { case: 'codec', who: 'omqtt', code: `export * from '@omqtt/codec'` },
];
const BUDGET_BYTES = 18_000;

export const bundleMeasurement: Measurement = {
  summary: 'what a browser loads for omqtt and for MQTT.js, as they are published: build first',
  async report() {
    const rows: Row[] = [];
    for (const bundle of bundles) rows.push(await weigh(bundle));
    const [ours = Number.NaN] = rows.map(({ gzip }) => gzip);
    const verdict = `Budget of connect: ${BUDGET_BYTES} bytes of gzip ${ours <= BUDGET_BYTES ? 'met' : 'missed'}.`;
    return { text: `${formatTable(columns, rows)}\n\n${verdict}`, figures: rows.map(figureOf) };
  },
};

const columns: readonly Column<Row>[] = [
  { title: 'bundle', cell: (row) => row.case },
  { title: 'of', cell: ({ who }) => who },
  { title: 'minified', cell: ({ minified }) => String(minified), align: 'right' },
  { title: 'gzip', cell: ({ gzip }) => String(gzip), align: 'right' },
  { title: 'Brotli', cell: ({ brotli }) => String(brotli), align: 'right' },
];

function figureOf({ case: what, who, gzip }: Row): Figure {
  return cost(`${what}, gzip · ${who}`, gzip, 'bytes');
}

async function weigh({ case: what, who, code }: Bundle): Promise<Row> {
  const { outputFiles } = await build({
    stdin: { contents: code, resolveDir: import.meta.dirname },
    bundle: true,
    minify: true,
    write: false,
    format: 'esm',
    platform: 'browser', // a Node module is an error here
    logLevel: 'silent',
  });
  const bytes = Buffer.from(outputFiles.map(({ text }) => text).join(''));
  const compressed = { gzip: gzipSync(bytes, { level: 9 }).length, brotli: brotliCompressSync(bytes).length };
  return { case: what, who, minified: bytes.length, ...compressed };
}
