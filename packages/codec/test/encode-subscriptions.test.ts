import { describe, expect, test } from 'vitest';

import { encode } from '../src/index.ts';
import type { RetainHandling, SubscribePacket, SubscriptionRequest, UnsubscribePacket } from '../src/index.ts';
import { refusal } from './refusal.ts';
import { octets } from './vectors/vector.ts';

const plain: SubscriptionRequest = {
  filter: 't',
  qos: 0,
  noLocal: false,
  retainAsPublished: false,
  retainHandling: 0,
};
const subscribe = (...subscriptions: readonly object[]): SubscribePacket => ({
  type: 'subscribe',
  packetId: 1,
  subscriptions: subscriptions.map((each) => ({ ...plain, ...each })),
});
const unsubscribe = (...filters: readonly string[]): UnsubscribePacket => ({
  type: 'unsubscribe',
  packetId: 1,
  filters,
});
const both = (filter: unknown): unknown[] => [subscribe({ filter }), { ...unsubscribe(), filters: ['ok', filter] }];
const versions = ['5.0', '3.1.1'] as const;

/** The last byte of a SUBSCRIBE to one filter is its options. */
function optionsOf(subscription: object): number | undefined {
  return encode(subscribe(subscription), '5.0').at(-1);
}

describe('the options of a subscription', () => {
  test('[5.0 MQTT-3.3.1-9, MQTT-3.3.1-10, MQTT-3.3.1-11] hold the retain handling 0, 1 or 2 in bits 5 and 4', () => {
    const options = ([0, 1, 2] as const).map((retainHandling) => optionsOf({ retainHandling }));
    expect(options).toEqual([0b0000_0000, 0b0001_0000, 0b0010_0000]);
  });

  test('[5.0 MQTT-3.3.1-12, MQTT-3.3.1-13] hold Retain As Published in bit 3', () => {
    const options = [false, true].map((retainAsPublished) => optionsOf({ retainAsPublished }));
    expect(options).toEqual([0b0000_0000, 0b0000_1000]);
  });

  test('[5.0 MQTT-3.8.3-3] hold No Local in bit 2', () => {
    expect([false, true].map((noLocal) => optionsOf({ noLocal }))).toEqual([0b0000_0000, 0b0000_0100]);
  });

  test('[5.0 MQTT-3.8.3-5] leave bits 7 and 6 clear in every combination', () => {
    const all = [0, 1, 2].flatMap((qos) =>
      [0, 1, 2].flatMap((retainHandling) =>
        [0, 1, 2, 3].map((bits) => ({ qos, retainHandling, noLocal: bits > 1, retainAsPublished: bits % 2 === 1 })),
      ),
    );
    const expected = all.map(
      ({ qos, retainHandling, noLocal, retainAsPublished }) =>
        qos + (noLocal ? 4 : 0) + (retainAsPublished ? 8 : 0) + 16 * retainHandling,
    );
    expect(all.map(optionsOf)).toEqual(expected);
    expect(Math.max(...expected)).toBeLessThan(0x40);
  });

  test('[3.1.1 MQTT-3.8.3-4] are only the QoS in 3.1.1', () => {
    const options = ([0, 1, 2] as const).map((qos) => encode(subscribe({ qos }), '3.1.1').at(-1));
    expect(options).toEqual([0, 1, 2]);
  });

  test('[3.1.1 MQTT-3.8.3-4] of 5.0 are refused in 3.1.1', () => {
    for (const option of [
      { noLocal: true },
      { retainAsPublished: true },
      { retainHandling: 1 },
      { retainHandling: 2 },
    ]) {
      expect(refusal(subscribe(option), '3.1.1')).toMatchObject({ problem: 'only-in-5.0', field: 'subscriptions' });
    }
  });

  test.each(versions)(
    '[5.0 MQTT-3.8.3-5, MQTT-3.3.1-11] [3.1.1 MQTT-3.8.3-4] are refused with a QoS or a retain handling above 2 (%s)',
    (version) => {
      for (const wrong of [3, -1, 1.5, 4, 64, '1', Number.NaN, null, undefined]) {
        expect(refusal(subscribe({ qos: wrong }), version)).toMatchObject({ problem: 'bad-options', field: 'qos' });
        const retainHandling = wrong as RetainHandling;
        const error = refusal(subscribe({ retainHandling }), version);
        expect(error).toMatchObject({ problem: 'bad-options', field: 'retainHandling' });
      }
    },
  );

  test.each(versions)('are refused with flags that are not boolean (%s)', (version) => {
    for (const wrong of [0, 1, 'no', null, undefined]) {
      const errors = [
        refusal(subscribe({ noLocal: wrong }), version),
        refusal(subscribe({ retainAsPublished: wrong }), version),
      ];
      expect(errors).toMatchObject([
        { problem: 'bad-value', field: 'noLocal' },
        { problem: 'bad-value', field: 'retainAsPublished' },
      ]);
    }
  });

  test('[5.0 MQTT-3.8.3-4] are refused with No Local on a shared filter, alone and among others', () => {
    const shared = { filter: '$share/g/t', noLocal: true };
    for (const packet of [subscribe(shared), subscribe({ noLocal: true }, shared), subscribe(shared, {})]) {
      expect(refusal(packet)).toMatchObject({
        problem: 'bad-options',
        field: 'noLocal',
        statement: 'MQTT-3.8.3-4',
      });
    }
  });
});

describe('several filters', () => {
  test('[5.0 MQTT-3.8.4-5, MQTT-3.8.3-1] stand in one SUBSCRIBE in their order', () => {
    expect(encode(subscribe({ filter: 'b/#', qos: 1 }, { filter: 'é', qos: 2 }, { filter: 'b/#' }), '5.0')).toEqual(
      octets([
        [0x82, 0x14], // SUBSCRIBE, 20 bytes follow
        [0x00, 0x01], // packet id
        [0x00], // no properties
        [0x00, 0x03, 'b/#', 0x01], // QoS 1
        [0x00, 0x02, 0xc3, 0xa9, 0x02], // QoS 2
        [0x00, 0x03, 'b/#', 0x00], // the first filter again, at QoS 0
      ]),
    );
  });

  test('[3.1.1 MQTT-3.8.4-4, MQTT-3.8.3-1] stand in one SUBSCRIBE of 3.1.1 in their order', () => {
    expect(encode(subscribe({ filter: 'b', qos: 1 }, { filter: 'é', qos: 2 }), '3.1.1')).toEqual(
      octets([
        [0x82, 0x0b],
        [0x00, 0x01],
        [0x00, 0x01, 'b', 0x01],
        [0x00, 0x02, 0xc3, 0xa9, 0x02],
      ]),
    );
  });

  test('[5.0 MQTT-3.10.4-6, MQTT-3.10.3-1] stand in one UNSUBSCRIBE in their order', () => {
    expect(encode(unsubscribe('b', 'é', 'b'), '5.0')).toEqual(
      octets([[0xa2, 0x0d], [0x00, 0x01], [0x00], [0x00, 0x01, 'b'], [0x00, 0x02, 0xc3, 0xa9], [0x00, 0x01, 'b']]),
    );
  });

  test('[3.1.1 MQTT-3.10.4-6, MQTT-3.10.3-1] stand in one UNSUBSCRIBE of 3.1.1 in their order', () => {
    expect(encode(unsubscribe('b', 'é'), '3.1.1')).toEqual(
      octets([
        [0xa2, 0x09],
        [0x00, 0x01],
        [0x00, 0x01, 'b'],
        [0x00, 0x02, 0xc3, 0xa9],
      ]),
    );
  });

  test('[5.0 MQTT-3.10.4-1] [3.1.1 MQTT-3.10.4-1] are the same bytes in SUBSCRIBE and UNSUBSCRIBE', () => {
    // The second and third look alike: a letter with its accent, and a letter followed by an accent.
    for (const filter of ['$share/g/+/t', '\u00e9', 'e\u0301', 'A/ a', '/', '\ufeff']) {
      for (const version of versions) {
        const bytes = octets([[0x00, new TextEncoder().encode(filter).length], [...new TextEncoder().encode(filter)]]);
        expect(encode(subscribe({ filter }), version).subarray(-bytes.length - 1, -1)).toEqual(bytes);
        expect(encode(unsubscribe(filter), version).subarray(-bytes.length)).toEqual(bytes);
      }
    }
  });
});

describe('filters that are refused in SUBSCRIBE and UNSUBSCRIBE', () => {
  test('[5.0 MQTT-4.7.1-1] [3.1.1 MQTT-4.7.1-2] have # elsewhere than alone in the last level', () => {
    for (const packet of ['a#', 'a/#/b', '#/a', '##', '/#/', '#+'].flatMap(both)) {
      expect(versions.map((version) => refusal(packet, version))).toMatchObject([
        { problem: 'misplaced-hash', field: 'filter', statement: 'MQTT-4.7.1-1' },
        { problem: 'misplaced-hash', field: 'filter', statement: 'MQTT-4.7.1-2' },
      ]);
    }
  });

  test('[5.0 MQTT-4.7.1-2] [3.1.1 MQTT-4.7.1-3] have + beside something else in its level', () => {
    for (const packet of ['a+', '+a/b', 'a/b+/c', '++', '/a+'].flatMap(both)) {
      expect(versions.map((version) => refusal(packet, version))).toMatchObject([
        { problem: 'misplaced-plus', field: 'filter', statement: 'MQTT-4.7.1-2' },
        { problem: 'misplaced-plus', field: 'filter', statement: 'MQTT-4.7.1-3' },
      ]);
    }
  });

  test.each(versions)('[5.0 MQTT-4.7.3-1] [3.1.1 MQTT-4.7.3-1] are empty (%s)', (version) => {
    for (const packet of both('')) {
      expect(refusal(packet, version)).toMatchObject({ problem: 'empty-filter', statement: 'MQTT-4.7.3-1' });
    }
  });

  test('[5.0 MQTT-4.8.2-1, MQTT-4.8.2-2] are shared without a name, with a wildcard in it, or without a filter', () => {
    for (const filter of ['$share//t', '$share/', '$share/g', '$share/g/', '$share/g+/t', '$share/+/t', '$share/#/t']) {
      for (const packet of both(filter)) {
        expect(refusal(packet)).toMatchObject({ problem: 'bad-share', field: 'filter' });
      }
    }
  });

  test('[5.0 MQTT-4.7.1-1, MQTT-4.7.1-2] have a misplaced wildcard behind the name of the share', () => {
    for (const packet of both('$share/g/a#')) expect(refusal(packet)).toMatchObject({ problem: 'misplaced-hash' });
    for (const packet of both('$share/g/a+')) expect(refusal(packet)).toMatchObject({ problem: 'misplaced-plus' });
  });

  test.each(versions)('are not strings (%s)', (version) => {
    for (const packet of [5, null, undefined, {}, ['t']].flatMap(both)) {
      expect(refusal(packet, version)).toMatchObject({ problem: 'bad-value', field: 'filter' });
    }
  });

  test('[5.0 MQTT-3.8.3-2] [3.1.1 MQTT-3.8.3-3] are missing in a SUBSCRIBE', () => {
    expect(versions.map((version) => refusal(subscribe(), version))).toMatchObject([
      { problem: 'no-filters', field: 'subscriptions', statement: 'MQTT-3.8.3-2' },
      { problem: 'no-filters', field: 'subscriptions', statement: 'MQTT-3.8.3-3' },
    ]);
  });

  test.each(versions)('[5.0 MQTT-3.10.3-2] [3.1.1 MQTT-3.10.3-2] are missing in an UNSUBSCRIBE (%s)', (version) => {
    expect(refusal(unsubscribe(), version)).toMatchObject({
      problem: 'no-filters',
      field: 'filters',
      statement: 'MQTT-3.10.3-2',
    });
  });

  test.each(versions)('are not in a list (%s)', (version) => {
    for (const wrong of ['t', null, undefined, {}, 5, new Set(['t'])]) {
      const errors = [
        refusal({ ...subscribe(), subscriptions: wrong }, version),
        refusal({ ...unsubscribe(), filters: wrong }, version),
      ];
      expect(errors).toMatchObject([
        { problem: 'bad-value', field: 'subscriptions' },
        { problem: 'bad-value', field: 'filters' },
      ]);
    }
  });

  test('a shared filter is two levels like any others in 3.1.1', () => {
    expect(encode(unsubscribe('$share//t'), '3.1.1')).toEqual(
      octets([
        [0xa2, 0x0d],
        [0x00, 0x01],
        [0x00, 0x09, '$share//t'],
      ]),
    );
  });
});
