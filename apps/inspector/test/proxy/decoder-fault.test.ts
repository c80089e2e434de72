import { encode } from '@omqtt/codec';
import { expect, test } from 'vitest';
import { connectWire, serveWire } from '../wire.ts';
import { listenerUrl, withInspector } from '../with-inspector.ts';
import { patiently } from '../patiently.ts';

const publish = encode(
  { type: 'publish', topic: 'a', payload: Uint8Array.of(1), qos: 0, dup: false, retain: false },
  '5.0',
);

test.each(['throw', 'exit', 'hang'] as const)(
  'a decoder that does %s does not touch what is forwarded',
  async (fault) => {
    await using upstream = await serveWire('tcp');
    const inspector = await withInspector(
      { routes: [{ listen: listenerUrl('tcp'), upstream: upstream.url }], ui: false, maximumBacklogBytes: 262_144 },
      fault,
    );
    const client = await connectWire(inspector.listeners[0] ?? '');
    const server = await upstream.next();
    await client.write(publish);
    await expect.poll(() => server.received().length, patiently).toBe(publish.length);
    // That packets are not shown any more is reported, where it can be known.
    const says = { throw: ['decoding failed'], exit: ['its thread has ended'], hang: [] }[fault];
    await expect
      .poll(() => inspector.reports, patiently)
      .toEqual(says.map((each) => expect.stringContaining(each) as string));

    // More than fits between the threads, so that a decoder that waits for ever would be felt.
    const many = Buffer.concat(Array.from({ length: 100_000 }, () => publish));
    await client.write(many);
    await server.write(many);
    await expect.poll(() => server.received().length, patiently).toBe(publish.length + many.length);
    await expect.poll(() => client.received().equals(many), patiently).toBe(true);
    expect(server.received().subarray(publish.length).equals(many)).toBe(true);
    if (fault === 'hang') return void (await inspector.close(100));
    const summary = await inspector.close();
    expect(summary === undefined).toBe(fault === 'exit');
  },
);
