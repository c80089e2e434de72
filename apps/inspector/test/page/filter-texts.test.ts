import { encode, type Packet } from '@omqtt/codec';
import { compileFilter, eachField, fieldsOf, Inspection, type PacketRecord } from '@omqtt/inspect';
import { describe, expect, test } from 'vitest';
import { termFor } from '../../page/filter/filter-terms.ts';
import { sentFilter } from '../../page/filter/sent-filter.ts';
import { rangeOf, rangeOfBars, scaleOf, wholeOf, withRange, zoomed } from '../../page/side/time-range.ts';

function recordOf(packet: Packet): PacketRecord {
  const inspection = new Inspection();
  inspection.open('one', { at: 1 });
  const [record] = inspection.bytes('one', 'c2s', { at: 1, chunk: encode(packet, '5.0') });
  if (!record) throw new Error('This is no packet.');
  return record;
}

describe('the filter that a server gets', () => {
  test.each([
    ['is:marked', [3, 1], 'number in (3, 1)'],
    ['-is:marked qos=1', [2], '-number in (2) qos=1'],
    ['is:marked', [], 'number<0'],
    ['"is:marked" or topic="is:marked"', [1], '"is:marked" or topic="is:marked"'],
  ])('%s with marks %j is %s', (text, marked, sent) => {
    expect(sentFilter(text, { isOfExchanges: false, marked })).toBe(sent);
  });

  test('of exchanges keeps what the reader asked for, whatever words it has', () => {
    for (const text of ['', 'qos=1 or qos=2', 'client:dev-*']) {
      expect(compileFilter(sentFilter(text, { isOfExchanges: true, marked: [] })).problems).toEqual([]);
    }
    const publish = recordOf({
      type: 'publish',
      topic: 'a',
      qos: 1,
      packetId: 1,
      dup: false,
      retain: false,
      payload: new Uint8Array(),
    });
    const isShown = (text: string): boolean | undefined =>
      compileFilter(sentFilter(text, { isOfExchanges: true, marked: [] })).matches?.(publish);
    expect(isShown('')).toBe(true);
    expect(isShown('qos=2 or qos=0')).toBe(false);
    expect(isShown('qos=2 or qos=1')).toBe(true);
  });
});

describe('the term for a field', () => {
  const packets: readonly Packet[] = [
    {
      type: 'publish',
      topic: 'a "b"',
      qos: 1,
      packetId: 7,
      dup: false,
      retain: true,
      payload: new TextEncoder().encode('on "off" \\'),
      properties: {
        userProperties: [['site', 'north']],
        responseTopic: 'r/1',
        correlationData: Uint8Array.of(1, 2),
        messageExpirySeconds: 9,
      },
    },
    { type: 'publish', topic: 'a', qos: 0, dup: false, retain: false, payload: Uint8Array.of(0xff, 0, 1) },
    { type: 'connect', version: '5.0', clientId: 'dev-1', cleanStart: true, keepAliveSeconds: 60, username: 'me' },
    {
      type: 'subscribe',
      packetId: 3,
      subscriptions: [{ filter: 'a/+', qos: 1, noLocal: false, retainAsPublished: false, retainHandling: 0 }],
    },
  ];

  test('lets the packet itself through, whichever field of it was chosen', () => {
    let terms = 0;
    for (const record of packets.map(recordOf)) {
      for (const field of eachField(fieldsOf(record))) {
        const term = termFor(field, record);
        if (term === undefined) continue;
        terms += 1;
        const { matches, problems } = compileFilter(term);
        expect({ path: field.path, term, problems, isIn: matches?.(record) }).toEqual({
          path: field.path,
          term,
          problems: [],
          isIn: true,
        });
      }
    }
    expect(terms).toBeGreaterThan(30);
  });

  test.each([
    ['topic', String.raw`topic="a \"b\""`],
    ['qos', 'qos=1'],
    ['retain', 'is:retain'],
    ['dup', '-is:dup'],
    ['packetId', 'pid=7'],
    ['properties.userProperties', 'user.site="north"'],
    ['properties.responseTopic', 'prop.responseTopic="r/1"'],
    ['payload', String.raw`payload="on \"off\" \\"`],
    ['fixedHeader', 'type:publish'],
  ])('%s is %s', (path, term) => {
    const record = recordOf(packets[0] as Packet);
    const field = [...eachField(fieldsOf(record))].find((each) => each.path === path);
    expect(field && termFor(field, record)).toBe(term);
  });

  test('there is none for a password, not even for a masked one', () => {
    const record = recordOf({
      type: 'connect',
      version: '5.0',
      clientId: 'x',
      cleanStart: true,
      keepAliveSeconds: 0,
      username: 'u',
      password: new Uint8Array(8),
    });
    const field = [...eachField(fieldsOf(record))].find(({ path }) => path === 'password');
    expect(field && termFor(field, record)).toBeUndefined();
  });
});

describe('the part of the time', () => {
  const range = { from: Date.UTC(2026, 0, 1, 12) / 1000, to: Date.UTC(2026, 0, 1, 12, 1) / 1000 };

  test.each(['', 'qos=1', 'qos=1 or qos=2'])(
    'is added to the filter "%s", read from it and taken away again',
    (filter) => {
      const narrowed = withRange(filter, range);
      expect(compileFilter(narrowed).problems).toEqual([]);
      expect(rangeOf(narrowed)).toEqual(range);
      expect(withRange(narrowed, undefined)).toBe(filter);
      const later = { from: range.to, to: range.to + 5 };
      expect(rangeOf(withRange(narrowed, later))).toEqual(later);
    },
  );

  test('is in bars that hold all seconds, the last at the end', () => {
    expect(scaleOf(wholeOf([100, 109]), 200)).toEqual({ first: 90, secondsPerBar: 1, bars: 20, barPx: 10 });
    const long = scaleOf(wholeOf([0, 3599]), 300);
    expect(long).toEqual({ first: 0, secondsPerBar: 36, bars: 100, barPx: 3 });
    expect(rangeOfBars(99, 98, long)).toEqual({ from: 3528, to: 3600 });
    expect(rangeOfBars(-5, 300, long)).toEqual({ from: 0, to: 3600 });
    expect(scaleOf(wholeOf([]), 200)).toMatchObject({ first: 0, secondsPerBar: 1 });
  });

  test('zooms around a second that stays where it is, within all there is', () => {
    const whole = { from: 0, to: 3600 };
    expect(zoomed({ whole, shown: whole, factor: 0.5, at: 900 })).toEqual({ from: 450, to: 2250 });
    expect(zoomed({ whole, shown: { from: 450, to: 2250 }, factor: 0.5, at: 2250 })).toEqual({ from: 1350, to: 2250 });
    expect(zoomed({ whole, shown: { from: 3000, to: 3600 }, factor: 2, at: 3000 })).toEqual({ from: 2400, to: 3600 });
    expect(zoomed({ whole, shown: { from: 0, to: 12 }, factor: 0.1, at: 6 })).toEqual({ from: 1, to: 11 });
    expect(zoomed({ whole, shown: { from: 0, to: 1800 }, factor: 2, at: 0 })).toBeUndefined();
  });

  test('when zoomed fills the picture with bars as wide as they get', () => {
    expect(scaleOf({ from: 100, to: 110 }, 200, 200)).toEqual({ first: 100, secondsPerBar: 1, bars: 10, barPx: 20 });
  });
});
