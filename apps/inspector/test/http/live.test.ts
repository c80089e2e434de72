import { startBroker, type Broker } from '@omqtt/broker';
import { importCapture } from '@omqtt/inspect';
import { connect } from 'omqtt';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { WebSocket } from 'ws';
import type { PageMessage, Row, ServerMessage } from '../../src/index.ts';
import { withInspector, type TestInspector } from '../with-inspector.ts';
import { patiently } from '../patiently.ts';

let broker: Broker;
let inspector: TestInspector;
const secret = 'swordfish-and-chips';
beforeAll(async () => {
  broker = await startBroker();
  inspector = await withInspector({ routes: [{ listen: 'mqtt://127.0.0.1:0', upstream: broker.url }] });
  await using client = await connect(inspector.listeners[0] ?? '', {
    clientId: 'dev-1',
    credentials: { username: 'me', password: secret },
  });
  const subscription = client.subscribe('a/+', { qos: 1 });
  await subscription.ready;
  await client.publish('a/b', 'hello', { qos: 1 });
  await subscription.next();
  await client.close();
  // The last packet that there will be: whoever looks from now on sees all of them.
  await vi.waitUntil(async () => (await (await get('/api/records')).text()).includes('"disconnect"'), patiently);
}, 30_000);
afterAll(async () => {
  await inspector.close();
  await broker.close();
});

async function get(path: string): Promise<Response> {
  return fetch(`${inspector.apiUrl ?? ''}${path}`, { headers: { authorization: `Bearer ${inspector.token ?? ''}` } });
}

interface Page extends Disposable {
  readonly messages: readonly ServerMessage[];
  say(message: PageMessage): void;
  /** The last message of a type, when it is as wanted. */
  wait<Type extends ServerMessage['type']>(
    type: Type,
    isWanted?: (message: Extract<ServerMessage, { type: Type }>) => boolean,
  ): Promise<Extract<ServerMessage, { type: Type }>>;
}

async function openPage(query: string = ''): Promise<Page> {
  const messages: ServerMessage[] = [];
  const { apiUrl = '', token = '' } = inspector;
  const headers = { origin: apiUrl, authorization: `Bearer ${token}` };
  const socket = new WebSocket(`${apiUrl.replace('http', 'ws')}/api/socket${query}`, { headers });
  socket.on('message', (data) => messages.push(JSON.parse((data as Buffer).toString()) as ServerMessage));
  await new Promise((resolve) => socket.once('open', resolve));
  return {
    messages,
    say: (message) => socket.send(JSON.stringify(message)),
    wait: async (type, isWanted = () => true) => {
      type Wanted = Extract<ServerMessage, { type: typeof type }>;
      const find = (): Wanted | undefined =>
        messages.findLast((message): message is Wanted => message.type === type && isWanted(message as Wanted));
      await expect.poll(find, patiently).toBeDefined();
      return find() as Wanted;
    },
    [Symbol.dispose]: () => socket.terminate(),
  };
}

/** The bytes of the record that a page has selected. */
function shown(one: Page): string {
  const detail = one.messages.findLast((message) => message.type === 'detail');
  return Buffer.from(detail?.detail?.bytes64 ?? '', 'base64').toString('latin1');
}

/** The bytes of all packets in a file. */
function textIn(file: Uint8Array): string {
  return importCapture(file)
    .events.map((event) => (event.type === 'packet' ? Buffer.from(event.bytes).toString('latin1') : ''))
    .join('');
}

test('a page is told where clients connect, how many packets there are, and the rows that it asks for', async () => {
  using page = await openPage();
  const hello = await page.wait('hello');
  expect(hello.routes).toEqual([{ listen: inspector.listeners[0], upstream: broker.url }]);
  page.say({ type: 'window', from: 0, count: 100 });
  const state = await page.wait('state', ({ end }) => end > 0);
  const { rows } = await page.wait('rows', (message) => message.rows.length === state.end);
  expect(rows.map(({ type }) => type)).toEqual(expect.arrayContaining(['connect', 'connack', 'subscribe', 'suback']));
  const publish = rows.find(({ type, direction }) => type === 'publish' && direction === 'c2s');
  expect(publish).toMatchObject({
    clientId: 'dev-1',
    topic: 'a/b',
    qos: 1,
    payloadBytes: 5,
    pair: { kind: 'publish', status: 'done', roundTripMs: expect.any(Number) as number },
  });
});

test('a page that opens its socket for so many rows is told the last ones without asking', async () => {
  using page = await openPage('?rows=3');
  const { end } = await page.wait('state');
  expect(page.messages.map(({ type }) => type)).toEqual(['hello', 'rows', 'state']);
  const { rows, from } = await page.wait('rows');
  expect(from).toBe(end - 3);
  expect(rows).toHaveLength(3);
});

test('a page that opens its socket for no number of rows is told none', async () => {
  using page = await openPage('?rows=-1');
  await page.wait('state');
  expect(page.messages.map(({ type }) => type)).toEqual(['hello', 'state']);
});

test('a filter makes another list, with the places in it and what is next of another filter', async () => {
  using page = await openPage();
  page.say({ type: 'filter', text: 'type:publish or type:puback' });
  const { view, problems } = await page.wait('filtered');
  expect(problems).toEqual([]);
  page.say({ type: 'window', from: 0, count: 100 });
  const { rows } = await page.wait('rows', (message) => message.view === view);
  expect(rows.map(({ type }) => type).toSorted()).toEqual(['puback', 'puback', 'publish', 'publish']);
  const last = rows.at(-1) as Row;
  page.say({ type: 'locate', request: 1, number: last.number });
  expect(await page.wait('located', ({ request }) => request === 1)).toMatchObject({ position: 3 });
  page.say({ type: 'find', request: 2, from: 0, step: 1, filter: 'type:puback' });
  expect(await page.wait('located', ({ request }) => request === 2)).toMatchObject({
    number: rows.find(({ type }) => type === 'puback')?.number,
  });
  page.say({ type: 'filter', text: 'type:nonsense(' });
  expect((await page.wait('filtered', ({ text }) => text === 'type:nonsense(')).problems).not.toEqual([]);
});

test('secrets are masked until a page reveals them, for that page alone', async () => {
  using page = await openPage();
  using other = await openPage();
  page.say({ type: 'select', number: 1 });
  await page.wait('detail');
  expect(shown(page)).toContain('dev-1');
  expect(shown(page)).not.toContain(secret);
  page.say({ type: 'reveal', isRevealed: true });
  await expect.poll(() => shown(page), patiently).toContain(secret);
  other.say({ type: 'select', number: 1 });
  await other.wait('detail');
  expect(shown(other)).not.toContain(secret);
});

test('a page sees connections, topics, statistics and seconds when it watches them', async () => {
  using page = await openPage();
  page.say({ type: 'watch', subjects: ['connections', 'topics', 'statistics', 'timeline'] });
  const { connections } = await page.wait('connections');
  expect(connections).toEqual([expect.objectContaining({ clientId: 'dev-1', version: '5.0', subscriptions: 1 })]);
  const { topics } = await page.wait('topics');
  expect(topics).toEqual([expect.objectContaining({ topic: 'a/b', messages: 2, payloadBytes: 10 })]);
  const { statistics } = await page.wait('statistics');
  expect(statistics.types).toContainEqual(expect.objectContaining({ type: 'connect', c2s: 1, s2c: 0 }));
  expect(statistics.roundTrips?.count).toBeGreaterThan(2);
  const { seconds } = await page.wait('timeline');
  expect(seconds.reduce((sum, { opened }) => sum + opened, 0)).toBe(1);
  page.say({ type: 'session', connection: connections[0]?.id ?? '' });
  expect((await page.wait('session')).session?.subscriptions).toEqual([expect.objectContaining({ filter: 'a/+' })]);
});

test('a page that says nonsense is told so, and stays', async () => {
  using page = await openPage();
  page.say({ type: 'window', from: -1, count: 1 });
  expect((await page.wait('problem')).message).toContain('not known');
  page.say({ type: 'window', from: 0, count: 1 });
  await page.wait('rows');
});

test('a paused page hears what it asks for, and no more than that', async () => {
  using page = await openPage();
  page.say({ type: 'pause', isPaused: true });
  await page.wait('state', ({ isPaused }) => isPaused);
  const heard = page.messages.length;
  page.say({ type: 'locate', request: 9, number: 1 });
  await page.wait('located');
  expect(page.messages.slice(heard).map(({ type }) => type)).toEqual(['located']);
});

test.each(['ndjson', 'omq', 'pcapng'] as const)(
  'the packets can be had as %s, without secrets unless asked for',
  async (format) => {
    const masked = new Uint8Array(await (await get(`/api/export?format=${format}`)).arrayBuffer());
    const open = new Uint8Array(await (await get(`/api/export?format=${format}&secrets=show`)).arrayBuffer());
    const { records } = await (
      await get('/api/status')
    )
      .json()
      .then((status) => ({ records: (status as { stored: number }).stored }));
    for (const file of [masked, open]) {
      expect(importCapture(file)).toMatchObject({ format, problems: [] });
      expect(importCapture(file).events.filter(({ type }) => type === 'packet')).toHaveLength(records);
    }
    expect(textIn(masked)).not.toContain(secret);
    expect(textIn(open)).toContain(secret);
  },
);

test('records can be read in pieces, filtered', async () => {
  const ask = async (query: string): Promise<{ rows: Row[]; last: number }> =>
    (await get(`/api/records?${query}`)).json() as Promise<{ rows: Row[]; last: number }>;
  const first = await ask('limit=2');
  expect(first.rows.map(({ number }) => number)).toEqual([1, 2]);
  const rest = await ask(`after=${first.last}&filter=${encodeURIComponent('type:publish')}`);
  expect(rest.rows.map(({ type }) => type)).toEqual(['publish', 'publish']);
  expect((await get('/api/records?filter=%28')).status).toBe(400);
  expect((await get('/api/records?limit=x')).status).toBe(400);
});
