import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { type Broker, startBroker } from '@omqtt/broker';
import { type Client, connect } from 'omqtt';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Bridge, startBridge } from '../../src/index.ts';
import { curlLine } from '../../src/openapi/curl-line.ts';
import type { OpenApiDocument } from '../../src/openapi/openapi-document.ts';
import { printedOpenApi } from '../../src/openapi/print-openapi.ts';
import { ready } from '../a-bridge.ts';
import { type DocumentExample, examplesOf } from './document-examples.ts';

const document = JSON.parse(await printedOpenApi()) as OpenApiDocument;
const examples = examplesOf(document);

let broker: Broker;
let bridge: Bridge;
let client: Client;
const folder = mkdtempSync(join(tmpdir(), 'omqtt-openapi-'));

/** What the examples suppose: a meter that retains, and a clock that answers. */
beforeAll(async () => {
  broker = await startBroker();
  client = await connect(broker.url);
  bridge = await startBridge({
    http: { port: 0 },
    ops: { port: 0, drainMs: 100 },
    brokers: { default: { url: broker.url } },
    outbox: { enabled: true, path: folder },
  });
  await client.respond('service/time', () => '12:00').ready;
  await ready(bridge);
});

afterAll(async () => {
  await bridge.close();
  await client.close();
  await broker.close();
  rmSync(folder, { recursive: true });
});

/** What the bridge decides anew each time. */
const changing = new Set([
  'id',
  'ackMs',
  'receivedAt',
  'queuedAt',
  'instance',
  'cursor',
  'detail',
  'expiresAt',
  'ticket',
]);

/** The same members and values, but of those that change only the types. */
function shapeOf(value: unknown, name = ''): unknown {
  if (Array.isArray(value)) return value.map((item) => shapeOf(item));
  if (typeof value !== 'object' || value === null) return changing.has(name) ? typeof value : value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, shapeOf(inner, key)]));
}

describe('an example of the OpenAPI document', () => {
  test.for(examples)('$title', async (example) => {
    await retainRoom(example);
    const { method, path, headers, body, status, mediaType } = example;
    const response = await fetch(`${bridge.url}${path}`, { method, headers, ...(body !== undefined && { body }) });
    expect(response.status).toBe(status);
    const type = response.headers.get('content-type')?.split(';')[0];
    const isNamed = mediaType !== undefined && mediaType !== '*/*';
    expect(isNamed ? type : mediaType).toBe(mediaType);
    const { got, wanted, errors } = await comparison(response, example);
    expect(errors).toEqual([]);
    expect(shapeOf(got)).toEqual(shapeOf(wanted));
  });

  test('is a line for a shell on the page, which does the same', async () => {
    const run = promisify(execFile);
    const finite = examples.filter(({ mediaType }) => mediaType !== 'text/event-stream');
    for (const { title, method, template, about, name, status } of finite) {
      await retainRoom({ method });
      const line = curlLine({ method, path: `${bridge.url}${template}`, about, name });
      const { stdout } = await run('sh', ['-c', `${line} -s -o /dev/null -w '%{http_code}' --max-time 5`]);
      expect([title, stdout]).toEqual([title, String(status)]);
    }
  }, 30_000);
});

async function retainRoom({ method }: Pick<DocumentExample, 'method'>): Promise<void> {
  if (method !== 'GET' && method !== 'HEAD') {
    // Nobody has a subscription to it, and nothing is there: what is answered does not depend on the order.
    await client.publish('room/1', '', { qos: 1, retain: true });
    return;
  }
  await client.publish('room/1', '21.5', { qos: 1, retain: true, properties: { contentType: 'text/plain' } });
}

interface Comparison {
  readonly got: unknown;
  readonly wanted: unknown;
  /** What the schema does not allow, in either of them. */
  readonly errors: readonly unknown[];
}

async function comparison(
  response: Response,
  { mediaType, answer, answerSchema }: DocumentExample,
): Promise<Comparison> {
  if (mediaType === 'text/event-stream') {
    return { got: await eventsOf(response, answer), wanted: framesIn(String(answer)), errors: [] };
  }
  const text = await response.text();
  if (answer === undefined || typeof answer === 'string') return { got: text, wanted: answer ?? '', errors: [] };
  const ajv = new Ajv2020({ strict: false, validateFormats: false });
  const validate = ajv.compile({ ...(answerSchema as object), components: document.components });
  const got = JSON.parse(text) as unknown;
  const errors = [got, answer].flatMap((value) => (validate(value) ? [] : (validate.errors ?? [])));
  return { got, wanted: answer, errors };
}

interface Frame {
  readonly event: string;
  readonly data: unknown;
}

function framesIn(text: string): readonly Frame[] {
  return text.split('\n\n').flatMap((frame) => {
    const event = /^event: (.*)$/m.exec(frame)?.[1];
    const data = /^data: (.*)$/m.exec(frame)?.[1];
    return event === undefined || data === undefined ? [] : [{ event, data: JSON.parse(data) as unknown }];
  });
}

/** As many as the example has. */
async function eventsOf({ body }: Response, answer: unknown): Promise<readonly Frame[]> {
  const count = framesIn(String(answer)).length;
  let text = '';
  if (body === null) return [];
  for await (const chunk of body.pipeThrough(new TextDecoderStream())) {
    text += chunk;
    if (framesIn(text).length >= count) break;
  }
  return framesIn(text).slice(0, count);
}
