import { describe, expect, test } from 'vitest';

import { dialogue } from './dialogue.ts';
import { message, puback, suback, unsuback } from './packets.ts';

const v3 = { version: '3.1.1' } as const;

describe('a connection that speaks 3.1.1', () => {
  test('refuses what only 5.0 has, and lets the rest of what waited pass', () => {
    const given = dialogue();
    const refused = given.publish('a', { properties: { contentType: 'x' } });
    const fine = given.publish('b');
    given.connected(v3);
    expect([given.outcome(refused), given.outcome(fine)]).toEqual(['only-in-5.0', 'pending']);
    expect(given.said()).toEqual(['publish 1 b']);
    expect(() => given.publish('c', { properties: { contentType: 'x' } })).toThrow('needs MQTT 5.0');
    const filter = { filter: 'a', qos: 0, noLocal: false, retainAsPublished: false, retainHandling: 0 } as const;
    for (const option of [{ noLocal: true }, { retainAsPublished: true }, { retainHandling: 2 }] as const) {
      expect(() => given.subscribe({ ...filter, ...option })).toThrow('needs MQTT 5.0');
    }
    const command = { operation: 99, subscriptions: [filter], identifier: 1 };
    expect(() => given.session.subscribe(command, given.now)).toThrow('needs MQTT 5.0');
    expect(given.said()).toEqual([]);
  });

  test('has no topic aliases', () => {
    const given = dialogue({ topicAliasMaximum: 5 }).connected(v3);
    given.publish('a', { alias: 'try' });
    expect(given.said()).toEqual(['publish 1 a']);
    expect(() => given.publish('a', { alias: 'always' })).toThrow('needs MQTT 5.0');
  });

  test('has no shared subscriptions: the filter is like any other', () => {
    const given = dialogue().connected(v3);
    given.subscribe('$share/g/a');
    expect(given.said()).toEqual(['subscribe 1 $share/g/a']);
  });

  test('sends SUBSCRIBE and UNSUBSCRIBE without user properties', () => {
    const given = dialogue().connected(v3);
    given.act((operation) =>
      given.session.unsubscribe({ operation, filters: ['a'], userProperties: [['a', 'b']] }, given.now),
    );
    expect(given.sent()).toEqual([{ type: 'unsubscribe', packetId: 1, filters: ['a'] }]);
  });

  test('[3.1.1 MQTT-3.3.5-2] takes a PUBACK for a success, since it cannot say more', () => {
    const given = dialogue().connected(v3);
    const publish = given.publish('a');
    given.receive(puback(1));
    expect(given.settled(publish)).toMatchObject({ packet: { reasonCode: 0 }, error: undefined });
  });

  test('[3.1.1 MQTT-3.8.3-2] shows which filters were refused', () => {
    const given = dialogue().connected(v3);
    const subscribe = given.subscribe('a/+', 'b');
    given.receive(suback(1, 0x80, 1));
    expect(given.settled(subscribe)?.packet).toMatchObject({ reasonCodes: [0x80, 1] });
  });

  test('[3.1.1 MQTT-3.1.4-2] that just ends may be tried again', () => {
    const given = dialogue().connected(v3);
    const [ping, publish, subscribe] = [given.ping(), given.publish('a'), given.subscribe('b')];
    given.lost();
    expect(given.settled(ping)?.error).toMatchObject({ code: 'connection-lost', retryable: true });
    expect([given.outcome(publish), given.outcome(subscribe)]).toEqual(['pending', 'pending']);
  });

  test('may follow one that spoke 5.0: what was on its way goes on as far as 3.1.1 can say it', () => {
    const given = dialogue().connected();
    const [rich, plain] = [given.publish('a', { properties: { contentType: 'x' } }), given.publish('b')];
    given.subscribe('c');
    given.receive(suback(3, 0), message({ qos: 2, packetId: 1 }));
    given.acknowledge(given.delivered()[0]);
    given.sent();
    given.resumed(v3);
    expect(given.said()).toEqual(['publish 2 dup b']);
    expect([given.outcome(rich), given.outcome(plain)]).toEqual(['only-in-5.0', 'pending']);
    given.unsubscribe('c');
    given.receive(unsuback(4), puback(2));
    expect(given.outcome(plain)).toBe('ok');
  });
});
