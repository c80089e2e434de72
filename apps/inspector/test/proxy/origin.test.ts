import { encode } from '@omqtt/codec';
import { expect, test } from 'vitest';
import { connectWire, serveWire } from '../wire.ts';
import { listenerUrl, withInspector } from '../with-inspector.ts';

const connect = encode(
  { type: 'connect', version: '5.0', clientId: 'a', cleanStart: true, keepAliveSeconds: 0 },
  '5.0',
);

test.each(['tls', 'wss'] as const)(
  'over %s filters know the listener of a packet and the name asked for',
  async (type) => {
    await using upstream = await serveWire('tcp');
    await using inspector = await withInspector({
      routes: [
        { listen: listenerUrl(type), upstream: upstream.url },
        { listen: listenerUrl('tcp'), upstream: upstream.url },
      ],
      assertions: [
        'count(sni:localhost) = 1',
        'count(listener:mqtt://*) = 1',
        'count(-has:sni -listener:mqtt://*) = 0',
      ],
      ui: false,
    });
    for (const url of inspector.listeners) {
      const client = await connectWire(url.replace('127.0.0.1', url.startsWith('wss') ? 'localhost' : '127.0.0.1'));
      const server = await upstream.next();
      await client.write(connect);
      await expect.poll(() => server.received().length).toBe(connect.length);
      client.reset();
      await server.closed;
    }
    const summary = await inspector.close();
    expect(summary?.verdicts.map(({ holds, reason }) => [holds, reason])).toEqual([
      [true, expect.any(String)],
      [true, expect.any(String)],
      [true, expect.any(String)],
    ]);
  },
);
