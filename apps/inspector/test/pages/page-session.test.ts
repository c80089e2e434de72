import { encode } from '@omqtt/codec';
import { Inspection } from '@omqtt/inspect';
import { expect, test } from 'vitest';
import type { ServerMessage } from '../../src/api/messages.ts';
import type { Row } from '../../src/api/row.ts';
import { PageSession } from '../../src/pages/page-session.ts';
import { readPageMessage } from '../../src/pages/read-page-message.ts';
import { Tally } from '../../src/pages/tally.ts';

interface Rig {
  readonly session: PageSession;
  readonly inspection: Inspection;
  /** Messages since the last call. */
  readonly flush: () => ServerMessage[];
  readonly publish: (packetId: number) => void;
  readonly acknowledge: (packetId: number) => void;
}

/** `clock`: by which time slices are measured. */
function rig(clock: () => number = () => 0): Rig {
  const inspection = new Inspection();
  const tally = new Tally();
  const sent: ServerMessage[] = [];
  let now = 1000;
  const session: PageSession = new PageSession(
    {
      inspection,
      tally,
      skippedBytes: () => 0,
      clear: () => {
        inspection.records.clear();
        session.restart();
      },
    },
    (message) => sent.push(message),
    clock,
  );
  inspection.open('c', { at: now, isPartial: true });
  return {
    session,
    inspection,
    flush: () => {
      now += 50;
      session.change(inspection.takeChanged());
      session.flush(now);
      return sent.splice(0);
    },
    publish: (packetId) => {
      const packet = { type: 'publish', topic: 'a', payload: new Uint8Array(0), retain: false, dup: false } as const;
      inspection.bytes('c', 'c2s', { chunk: encode({ ...packet, qos: 1, packetId }, '5.0'), at: now });
    },
    acknowledge: (packetId) => {
      const chunk = encode({ type: 'puback', packetId, reasonCode: 0 }, '5.0');
      inspection.bytes('c', 's2c', { chunk, at: now + 7 });
    },
  };
}

function rowsIn(messages: readonly ServerMessage[]): { from: number; numbers: number[] }[] {
  return messages
    .filter((message) => message.type === 'rows')
    .map(({ from, rows }) => ({ from, numbers: rows.map(({ number }: Row) => number) }));
}

test('a page that follows gets each row once, and again only when it has changed', () => {
  const { session, flush, publish, acknowledge } = rig();
  session.receive({ type: 'window', from: 0, count: 3, follow: true });
  publish(1);
  publish(2);
  expect(rowsIn(flush())).toEqual([{ from: 0, numbers: [1, 2] }]);
  expect(rowsIn(flush())).toEqual([]);
  acknowledge(1);
  expect(rowsIn(flush())).toEqual([
    { from: 0, numbers: [1] },
    { from: 2, numbers: [3] },
  ]);
  for (let packetId = 10; packetId < 20; packetId += 1) publish(packetId);
  expect(rowsIn(flush())).toEqual([{ from: 10, numbers: [11, 12, 13] }]);
});

test('a page that looks at the past gets nothing of what comes behind its window', () => {
  const { session, flush, publish } = rig();
  for (let packetId = 1; packetId <= 10; packetId += 1) publish(packetId);
  session.receive({ type: 'window', from: 2, count: 3 });
  expect(rowsIn(flush())).toEqual([{ from: 2, numbers: [3, 4, 5] }]);
  publish(11);
  const messages = flush();
  expect(rowsIn(messages)).toEqual([]);
  expect(messages).toEqual([expect.objectContaining({ type: 'state', end: 11 })]);
});

test('a paused list stays as it is while packets pass, and can be scrolled, filtered and searched', () => {
  const { session, flush, publish, acknowledge } = rig();
  for (let packetId = 1; packetId <= 10; packetId += 1) publish(packetId);
  session.receive({ type: 'window', from: 0, count: 3, follow: true });
  flush();
  session.receive({ type: 'pause', isPaused: true });
  expect(flush()).toEqual([expect.objectContaining({ type: 'state', isPaused: true, end: 10, stored: 10 })]);
  publish(11);
  acknowledge(10);
  expect(flush()).toEqual([]);
  session.receive({ type: 'window', from: 1, count: 2 });
  expect(rowsIn(flush())).toEqual([{ from: 1, numbers: [2, 3] }]);
  session.receive({ type: 'filter', text: 'pid>8' });
  session.receive({ type: 'window', from: 0, count: 5 });
  const filtered = flush();
  expect(rowsIn(filtered)).toEqual([{ from: 0, numbers: [9, 10] }]);
  expect(filtered).toContainEqual(expect.objectContaining({ type: 'state', end: 2, scanned: 10, stored: 10 }));
  session.receive({ type: 'find', request: 1, from: 9, step: 1, filter: 'type:publish' });
  expect(flush()).toEqual([expect.objectContaining({ type: 'located', number: 10 })]);
  session.receive({ type: 'watch', subjects: ['connections'] });
  expect(flush()).toEqual([expect.objectContaining({ type: 'connections' })]);
  expect(flush()).toEqual([]);
  session.receive({ type: 'pause', isPaused: false });
  expect(rowsIn(flush())).toEqual([{ from: 0, numbers: [9, 10, 11, 12] }]);
});

test('an acknowledgement that makes its message fulfil the filter puts it into the list', () => {
  const { session, flush, publish, acknowledge } = rig();
  session.receive({ type: 'filter', text: 'type:publish rtt>5ms' });
  session.receive({ type: 'window', from: 0, count: 10 });
  publish(1);
  publish(2);
  expect(rowsIn(flush())).toEqual([]);
  acknowledge(2);
  expect(rowsIn(flush())).toEqual([{ from: 0, numbers: [2] }]);
  acknowledge(1);
  expect(rowsIn(flush())).toEqual([{ from: 0, numbers: [1, 2] }]);
});

test('what is selected is told again when more is known of it', () => {
  const { session, flush, publish, acknowledge } = rig();
  publish(1);
  session.receive({ type: 'select', number: 1 });
  expect(flush()).toContainEqual(
    expect.objectContaining({
      type: 'detail',
      detail: expect.objectContaining({ pair: expect.objectContaining({ status: 'open' }) as object }) as object,
    }),
  );
  acknowledge(1);
  expect(flush()).toContainEqual(
    expect.objectContaining({
      type: 'detail',
      detail: expect.objectContaining({ pair: expect.objectContaining({ status: 'done' }) as object }) as object,
    }),
  );
});

test('after clear the list begins anew, with numbers that go on', () => {
  const { session, flush, publish } = rig();
  session.receive({ type: 'window', from: 0, count: 10, follow: true });
  publish(1);
  flush();
  session.receive({ type: 'clear' });
  expect(flush()).toEqual([
    expect.objectContaining({ type: 'state', view: 1, first: 0, end: 0, stored: 0, dropped: 0 }),
  ]);
  publish(2);
  expect(rowsIn(flush())).toEqual([{ from: 0, numbers: [2] }]);
});

function coloursIn(messages: readonly ServerMessage[]): (number | undefined)[] {
  return messages.flatMap((message) => (message.type === 'rows' ? message.rows.map(({ colour }) => colour) : []));
}

test('rows say which colour is the first whose filter lets them through, also after an answer changed that', () => {
  const { session, flush, publish, acknowledge } = rig();
  publish(1);
  publish(2);
  session.receive({ type: 'window', from: 0, count: 10 });
  flush();
  session.receive({ type: 'colours', filters: ['rtt>1ms', 'nonsense:', 'type:publish'] });
  expect(coloursIn(flush())).toEqual([2, 2]);
  acknowledge(1);
  expect(coloursIn(flush())).toEqual([0, 0]);
  session.receive({ type: 'colours', filters: [] });
  expect(coloursIn(flush())).toEqual([undefined, undefined, undefined]);
});

test('a filter that is being typed is completed and judged, and changes no list', () => {
  const { session, flush, publish } = rig();
  session.receive({ type: 'window', from: 0, count: 3, follow: true });
  publish(1);
  flush();
  session.receive({ type: 'complete', request: 7, text: 'type:publ qos>', cursor: 9 });
  const [answer, ...others] = flush();
  expect(others).toEqual([]);
  expect(answer).toMatchObject({
    type: 'completed',
    request: 7,
    start: 5,
    end: 9,
    options: [{ text: 'publish' }],
    problems: [
      { start: 5, end: 9 },
      { start: 10, end: 14, message: 'qos needs a value' },
    ],
  });
  session.receive({ type: 'complete', request: 8, text: 'qos>=1', cursor: 6 });
  expect(flush()).toEqual([expect.objectContaining({ request: 8, problems: [] })]);
});

function askFor(text: unknown, cursor: unknown): unknown {
  return readPageMessage(JSON.stringify({ type: 'complete', request: 1, text, cursor }));
}

test('what is asked about a filter has a length and a place in it', () => {
  expect(askFor('qos', 900)).toEqual({ type: 'complete', request: 1, text: 'qos', cursor: 3 });
  for (const [text, cursor] of [
    ['q'.repeat(5000), 1],
    ['qos', -1],
    ['qos', undefined],
    [7, 1],
  ]) {
    expect(askFor(text, cursor)).toMatch(/not known/);
  }
});

test('where a packet stands, and which is the next one, is told when the filter has looked so far', () => {
  let clockMs = 0;
  // Each look at the clock takes longer than a slice.
  const { session, flush, publish } = rig(() => (clockMs += 20));
  for (let packetId = 1; packetId <= 3000; packetId += 1) publish(packetId);
  flush();
  session.receive({ type: 'filter', text: 'pid>=1' });
  session.receive({ type: 'locate', request: 1, number: 3000 });
  session.receive({ type: 'find', request: 2, from: 2990, step: 1, filter: 'type:publish' });
  session.receive({ type: 'locate', request: 3, number: 4000 });
  const located: ServerMessage[] = [];
  for (let flushes = 0; flushes < 100; flushes += 1) {
    located.push(...flush().filter(({ type }) => type === 'located'));
  }
  expect(located).toEqual([
    { type: 'located', request: 1, view: 1, number: 3000, position: 2999 },
    { type: 'located', request: 3, view: 1 },
    { type: 'located', request: 2, view: 1, number: 2991, position: 2990 },
  ]);
});
