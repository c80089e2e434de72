import { describe, expect, test } from 'vitest';
import { codeOf, connected, newBench, watch, type Bench, type BenchOptions } from './bench.ts';

const moved = (reasonCode: number, serverReference: string) =>
  ({ type: 'connack', sessionPresent: false, reasonCode, properties: { serverReference } }) as const;

const all = (): boolean => true;

const hostsOf = ({ transport }: Bench): string[] =>
  transport.dials.map(({ target: { scheme, host, port } }) => `${scheme}://${host}:${port}`);

async function redirected(options: BenchOptions, reference: string): Promise<Bench> {
  const bench = newBench({ followRedirects: true, ...options });
  void bench.client.connect().catch(() => undefined);
  await bench.broker.expect('connect');
  bench.broker.send(moved(0x9c, reference));
  await bench.clock.settle();
  return bench;
}

describe('a redirect', () => {
  test.each([
    ['mqtt://a.test', 'b.test', 'mqtt://b.test:1883'],
    ['mqtts://a.test', 'b.test:8884', 'mqtts://b.test:8884'],
    ['mqtts://a.test', 'mqtts://b.test', 'mqtts://b.test:8883'],
    ['mqtt://a.test', 'mqtts://b.test', 'mqtts://b.test:8883'],
    ['mqtt://a.test', 'b.test c.test:1', 'mqtt://b.test:1883'],
    ['mqtt://a.test', '[2001:db8::1]:1884', 'mqtt://2001:db8::1:1884'],
    ['wss://a.test/mqtt', 'b.test', 'wss://b.test:443'],
  ])('from %s to %s is followed at once [parity E8]', async (url, reference, expected) => {
    const bench = await redirected({ url }, reference);
    expect(hostsOf(bench)[1]).toBe(expected);
    await bench.broker.acceptConnection({ properties: { assignedClientId: 'x' } });
  });

  test('keeps the path of a WebSocket', async () => {
    const { transport } = await redirected({ url: 'ws://a.test/mqtt?x=1' }, 'b.test');
    expect(transport.dials[1]?.target.path).toBe('/mqtt?x=1');
  });

  test('does not lead out of TLS, unless the user says so', async () => {
    expect(hostsOf(await redirected({ url: 'mqtts://a.test' }, 'mqtt://b.test')).length).toBe(1);
    expect(hostsOf(await redirected({ url: 'mqtts://a.test', followRedirects: all }, 'mqtt://b.test'))[1]).toBe(
      'mqtt://b.test:1883',
    );
  });

  test('is followed only where the user allows it [parity E8]', async () => {
    const bench = newBench();
    const connecting = codeOf(bench.client.connect());
    await bench.broker.expect('connect');
    bench.broker.send(moved(0x9d, 'b.test'));
    expect(await connecting).toBe('connect-refused');
    const asked: string[] = [];
    const followRedirects = (url: string): boolean => {
      asked.push(url);
      return false;
    };
    expect(hostsOf(await redirected({ followRedirects }, 'evil.test')).length).toBe(1);
    expect(asked).toEqual(['mqtt://evil.test']);
  });

  test('is followed three times in a row, and not a fourth time', async () => {
    const bench = newBench({ followRedirects: true });
    const connecting = watch(bench.client.connect());
    for (const name of ['b', 'c', 'd', 'e']) {
      await bench.broker.expect('connect');
      bench.broker.send(moved(0x9c, name));
      await bench.clock.settle();
    }
    expect(hostsOf(bench).map((url) => url.slice(7, 8))).toEqual(['b', 'b', 'c', 'd']);
    expect(connecting.error).toMatchObject({ code: 'connect-refused', reasonCode: 0x9c, serverReference: 'e' });
  });

  test('does not go round in circles between servers that accept a connection first', async () => {
    const bench = await connected({ followRedirects: true });
    for (const name of ['b', 'a', 'b']) {
      bench.broker.send({ type: 'disconnect', reasonCode: 0x9d, properties: { serverReference: name } });
      await bench.broker.acceptConnection();
      await bench.clock.settle();
    }
    bench.broker.send({ type: 'disconnect', reasonCode: 0x9d, properties: { serverReference: 'a' } });
    await bench.clock.settle(60_000);
    expect(bench.transport.dials.length).toBe(4);
    expect(bench.statuses.at(-1)?.type).toBe('disconnected');
  });

  test('for now (0x9C) holds for one connection, and for good (0x9D) for all that follow', async () => {
    for (const [reasonCode, last] of [
      [0x9c, 'broker'],
      [0x9d, 'b'],
    ] as const) {
      const bench = await connected({ followRedirects: true });
      const { broker, clock } = bench;
      broker.send({ type: 'disconnect', reasonCode, properties: { serverReference: 'b' } });
      await broker.acceptConnection();
      await clock.settle(5000);
      broker.cut();
      await clock.settle(500);
      await broker.acceptConnection();
      expect(bench.transport.dials.at(-1)?.target.host).toMatch(new RegExp(`^${last}`));
    }
  });

  test('to a server that is not there leads back', async () => {
    const bench = newBench({ followRedirects: true, reconnect: { initial: true } });
    const connecting = bench.client.connect();
    await bench.broker.expect('connect');
    bench.transport.refuseDials();
    bench.broker.send(moved(0x9d, 'b'));
    await bench.clock.settle(500);
    await bench.broker.acceptConnection({ properties: { assignedClientId: 'x' } });
    await connecting;
    expect(hostsOf(bench).map((url) => url.slice(7, 8))).toEqual(['b', 'b', 'b']);
    expect(bench.transport.dials.map(({ target }) => target.host)).toEqual(['broker.test', 'b', 'broker.test']);
  });
});
