import { expect, test } from 'vitest';
import { Tally } from '../../src/pages/tally.ts';
import { conversation, Traffic } from '../page/traffic.ts';

function tallyOf({ inspection }: Traffic): Tally {
  const tally = new Tally();
  for (const record of inspection.records) tally.add(record);
  return tally;
}

test('packets, bytes, messages and findings are counted for each client, over all of its connections', () => {
  const traffic = conversation();
  traffic.connect('tcp-3', 'dev-2');
  const { clients } = tallyOf(traffic).statistics(traffic.at);
  expect(
    clients.map(({ clientId, c2s, s2c, messages, findings }) => ({ clientId, c2s, s2c, messages, findings })),
  ).toEqual([
    { clientId: 'dev-1', c2s: 13, s2c: 13, messages: 10, findings: 0 },
    { clientId: 'dev-2', c2s: 3, s2c: 2, messages: 1, findings: 1 },
  ]);
  const all = [...traffic.inspection.records].reduce((sum, { size }) => sum + size, 0);
  expect(clients.reduce((sum, { bytes }) => sum + bytes, 0)).toBe(all);
});

test('topics are counted by their first level too, with the rate of the last seconds', () => {
  const traffic = conversation();
  traffic.publish('tcp-1', 'alone');
  const tally = tallyOf(traffic);
  const now = tally.statistics(traffic.at).roots;
  expect(now.slice(0, 1)).toEqual([{ root: 'plant/', messages: 10, perSecond: 1 }]);
  expect(now.map(({ root }) => root)).toContain('alone');
  const later = tally.statistics(traffic.at + 60_000).roots;
  expect(later[0]).toEqual({ root: 'plant/', messages: 10, perSecond: 0 });
});

test('a message that is kept in part counts with all of its payload', () => {
  const traffic = new Traffic({ limits: { maximumKeptPacketBytes: 64 } });
  traffic.connect('tcp-1', 'dev-1');
  traffic.publish('tcp-1', 'big', { payload: new Uint8Array(5000) });
  expect(tallyOf(traffic).topics(traffic.at).topics).toMatchObject([{ topic: 'big', payloadBytes: 5000 }]);
});

test('of thousands of clients and topics those with most are told, and the bounds hold', () => {
  const traffic = new Traffic();
  for (let client = 0; client < 150; client += 1) {
    traffic.connect(`tcp-${client}`, `dev-${client}`);
    for (let message = 0; message <= client % 3; message += 1) traffic.publish(`tcp-${client}`, `t${client}/x`);
  }
  const { clients, roots } = tallyOf(traffic).statistics(traffic.at);
  expect(clients).toHaveLength(100);
  expect(roots).toHaveLength(12);
  expect(clients[0]?.messages).toBe(3);
  expect(roots.every(({ messages }) => messages === 3)).toBe(true);
});
