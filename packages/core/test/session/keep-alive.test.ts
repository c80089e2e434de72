import { describe, expect, test } from 'vitest';

import { dialogue, START } from './dialogue.ts';
import { connack, message, pingresp } from './packets.ts';

describe('PINGREQ', () => {
  test('[5.0 MQTT-3.1.2-20] [3.1.1 MQTT-3.1.2-23] leaves in time when nothing else was sent [parity E13]', () => {
    for (const version of ['5.0', '3.1.1'] as const) {
      const given = dialogue().connected({ version, keepAliveSeconds: 10 });
      given.pass(8999);
      expect(given.said()).toEqual([]);
      given.pass(1001);
      expect(given.said()).toEqual(['pingreq']);
      given.receive(pingresp).pass(10_000);
      expect(given.said()).toEqual(['pingreq']);
    }
  });

  test('[5.0 MQTT-3.1.2-20] [3.1.1 MQTT-3.1.2-23] is not put off by what arrives', () => {
    for (const version of ['5.0', '3.1.1'] as const) {
      const given = dialogue().connected({ version, keepAliveSeconds: 10 });
      for (let second = 0; second < 10; second += 1) given.receive(message({ qos: 0 })).pass(1000);
      expect(given.said()).toEqual(['pingreq']);
    }
  });

  test('[5.0 MQTT-3.1.2-20] [3.1.1 MQTT-3.1.2-23] is put off by whatever is sent [parity E13]', () => {
    for (const version of ['5.0', '3.1.1'] as const) {
      const given = dialogue().connected({ version, keepAliveSeconds: 10 });
      for (let second = 0; second < 30; second += 1) {
        given.publish('a', { qos: 0 });
        given.pass(1000);
      }
      expect(given.said()).toEqual(Array.from({ length: 30 }, () => 'publish a'));
    }
  });

  test('[5.0 MQTT-3.1.2-20] [3.1.1 MQTT-3.1.2-23] never leaves when the keep-alive is 0 [parity E13, B29]', () => {
    for (const version of ['5.0', '3.1.1'] as const) {
      const given = dialogue().connected({ version, keepAliveSeconds: 0 });
      expect(given.session.nextDeadline()).toBe(Infinity);
      given.jumpTo(START + 1e9);
      expect(given.said()).toEqual([]);
    }
  });

  test('[5.0 MQTT-3.1.2-20] [3.1.1 MQTT-3.1.2-23] goes on while nothing is read, since the server waits for it', () => {
    for (const version of ['5.0', '3.1.1'] as const) {
      const given = dialogue().connected({ version, keepAliveSeconds: 2 });
      given.act(() => given.session.pauseReading(true, given.now));
      given.pass(20_000);
      expect(given.said().length).toBeGreaterThanOrEqual(10);
      expect(given.ending()).toBe('open');
    }
  });

  test('[5.0 MQTT-3.1.2-20] [3.1.1 MQTT-3.1.2-23] goes on while a server that is busy sending owes an answer', () => {
    for (const version of ['5.0', '3.1.1'] as const) {
      const given = dialogue().connected({ version, keepAliveSeconds: 10 });
      for (let second = 0; second < 30; second += 1) given.receive(message({ qos: 0 })).pass(1000);
      expect(given.said()).toEqual(['pingreq', 'pingreq', 'pingreq']);
      expect(given.ending()).toBe('open');
    }
  });
});

describe('the Server Keep Alive', () => {
  test.each([
    { asked: 60, granted: 5 },
    { asked: 5, granted: 60 },
    { asked: 0, granted: 30 },
  ])(
    '[5.0 MQTT-3.1.2-21, MQTT-3.2.2-21] replaces what was asked for, on its connection only: $asked, $granted [parity Z32, E13]',
    ({ asked, granted }) => {
      const given = dialogue().connected({
        keepAliveSeconds: asked,
        properties: { serverKeepAliveSeconds: granted },
      });
      expect(given.session.agreement?.keepAliveMs).toBe(granted * 1000);
      given.pass(granted * 900 - 1000);
      expect(given.said()).toEqual([]);
      given.pass(granted * 100 + 1000);
      expect(given.said()).toEqual(['pingreq']);
      given.lost().connect({ keepAliveSeconds: asked });
      expect(given.sent()).toMatchObject([{ type: 'connect', keepAliveSeconds: asked }]);
      given.receive(connack());
      expect(given.session.agreement?.keepAliveMs).toBe(asked * 1000);
    },
  );

  test('[5.0 MQTT-3.1.2-21, MQTT-3.2.2-21] of 0 turns the keep-alive off', () => {
    const given = dialogue().connected({ keepAliveSeconds: 30, properties: { serverKeepAliveSeconds: 0 } });
    given.pass(1e9);
    expect(given.said()).toEqual([]);
  });
});

describe('PINGRESP', () => {
  test('[5.0 MQTT-3.12.4-1] [3.1.1 MQTT-3.12.4-1] that does not come, while nothing else comes, ends the connection', () => {
    for (const version of ['5.0', '3.1.1'] as const) {
      const given = dialogue({ pingTimeoutMs: 5000 }).connected({ version, keepAliveSeconds: 60 });
      given.pass(59_000 + 4999);
      expect(given.said()).toEqual(['pingreq']);
      expect(given.ending()).toBe('open');
      given.pass(1);
      expect(given.closed()?.error).toMatchObject({ code: 'keep-alive-timeout', retryable: true });
      expect(given.said()).toEqual([]);
      expect(given.session.nextDeadline()).toBe(Infinity);
    }
  });

  test('[5.0 MQTT-3.12.4-1] is not missed while other packets show that the server lives', () => {
    const given = dialogue({ pingTimeoutMs: 5000 }).connected({ keepAliveSeconds: 60 });
    given.pass(59_000);
    for (let second = 0; second < 20; second += 1) given.receive(message({ qos: 0 })).pass(1000);
    expect(given.ending()).toBe('open');
    given.pass(4000);
    expect(given.ending()).toBe('keep-alive-timeout');
  });

  test('is not missed while nothing is read, and has its time when reading goes on', () => {
    const given = dialogue({ pingTimeoutMs: 5000 }).connected({ keepAliveSeconds: 10 });
    given.act(() => given.session.pauseReading(true, given.now));
    given.pass(30_000);
    given.act(() => given.session.pauseReading(false, given.now));
    given.pass(4999);
    expect(given.ending()).toBe('open');
    given.pass(1);
    expect(given.ending()).toBe('keep-alive-timeout');
  });

  test('answers pings in their order, asked for at any time [parity Z31, E13]', () => {
    const given = dialogue().connected();
    const [first, second] = [given.ping(), given.ping()];
    expect(given.said()).toEqual(['pingreq', 'pingreq']);
    given.receive(pingresp);
    expect([given.outcome(first), given.outcome(second)]).toEqual(['ok', 'pending']);
    given.receive(pingresp, pingresp);
    expect(given.outcome(second)).toBe('ok');
    expect(given.ending()).toBe('open');
  });

  test('is awaited for each ping from the answer before', () => {
    const given = dialogue({ pingTimeoutMs: 5000 }).connected();
    given.ping();
    given.pass(3000).ping();
    given.pass(1000).receive(pingresp).pass(4999);
    expect(given.ending()).toBe('open');
    given.pass(1);
    expect(given.ending()).toBe('keep-alive-timeout');
  });

  test('can no longer come when the connection is lost, or never was', () => {
    const given = dialogue();
    const before = given.ping();
    expect(given.outcome(before)).toBe('connection-lost');
    given.connected();
    const open = given.ping();
    given.lost();
    expect(given.outcome(open)).toBe('connection-lost');
  });
});

describe('a clock that is set', () => {
  test('forward over all deadlines makes the session ask, not give up', () => {
    const given = dialogue({ pingTimeoutMs: 5000 }).connected({ keepAliveSeconds: 60 });
    given.jumpTo(START + 3_600_000);
    expect(given.said()).toEqual(['pingreq']);
    expect(given.ending()).toBe('open');
    given.pass(5000);
    expect(given.ending()).toBe('keep-alive-timeout');
  });

  test('back while an answer is owed does not end the connection early, nor make it wait for ever', () => {
    const given = dialogue({ pingTimeoutMs: 5000 }).connected();
    given.ping();
    given.jumpTo(START - 3_600_000);
    expect(given.ending()).toBe('open');
    given.pass(5000);
    expect(given.ending()).toBe('keep-alive-timeout');
  });

  test('back makes the session ask at once, since it cannot know how long it has been silent', () => {
    const given = dialogue().connected({ keepAliveSeconds: 60 });
    given.jumpTo(START - 3_600_000);
    expect(given.said()).toEqual(['pingreq']);
    given.receive(pingresp).pass(60_000);
    expect(given.said()).toEqual(['pingreq']);
  });
});
