import { describe, expect, test } from 'vitest';
import { installedBrokers } from '../src/installed-brokers.ts';
import { keepLedger } from '../src/ledger.ts';
import { tryBroker } from '../src/try-broker.ts';

const quick = [
  'connect',
  "connect with 'auto'",
  'QoS 0',
  'QoS 1',
  'QoS 2',
  'retained messages',
  'will',
  'session resume',
  'payload of 1 MiB',
];

/** RabbitMQ closes instead of refusing 5.0, which may have any reason: the client does not guess. */
const notOffered: Readonly<Record<string, readonly string[]>> = {
  NATS: ['QoS 2'],
  RabbitMQ: ['QoS 2', "connect with 'auto'"],
};

describe.each(installedBrokers())('with $name', ({ name, isMissing, start }) => {
  test.skipIf(isMissing)(
    'the client does what the broker offers, and no probe fails',
    { timeout: 120_000 },
    async () => {
      const broker = await start();
      try {
        const outcomes = await tryBroker(broker, (probe) => quick.includes(probe));
        expect(outcomes.filter(({ kind }) => kind === 'fails')).toEqual([]);
        const works = outcomes.filter(({ kind, version }) => kind === 'works' && version === '3.1.1');
        expect(works.map(({ probe }) => probe)).toEqual(
          quick.filter((probe) => !(notOffered[broker.name.split(' ', 1)[0] ?? ''] ?? []).includes(probe)),
        );
        if (name !== 'NATS, a cluster') return;
        const { accepted, lost } = await keepLedger(broker, { messages: 300, session: 'kept' });
        expect({ accepted, lost }).toEqual({ accepted: 300, lost: 0 });
      } finally {
        await broker.close();
      }
    },
  );
});
