import { expect, test } from 'vitest';
import { connectionRows } from '../../src/pages/connection-rows.ts';
import { Tally } from '../../src/pages/tally.ts';
import { Traffic } from '../page/traffic.ts';

test('of more connections than a page is told of, those that are open come first, then the ones that ended last', () => {
  const { inspection } = new Traffic();
  for (let at = 1; at <= 1200; at += 1) inspection.open(`tcp-${at}`, { at });
  for (let at = 1; at <= 1100; at += 1) inspection.close(`tcp-${at}`, { at: 2000 + at, by: 'client' });
  const { connections, left } = connectionRows(inspection, new Tally());
  const ids = connections.map(({ id }) => id);
  expect(ids.slice(0, 2)).toEqual(['tcp-1200', 'tcp-1199']);
  expect(ids.slice(99, 102)).toEqual(['tcp-1101', 'tcp-1100', 'tcp-1099']);
  expect([ids.length, left]).toEqual([1000, 200]);
});

test('however many are open, how others ended is told', () => {
  const { inspection } = new Traffic();
  for (let at = 1; at <= 1500; at += 1) inspection.open(`tcp-${at}`, { at });
  inspection.close('tcp-7', { at: 2000, by: 'server' });
  const { connections, left } = connectionRows(inspection, new Tally());
  expect(connections.at(-1)).toMatchObject({ id: 'tcp-7', closedAt: 2000 });
  expect(connections.length + left).toBe(1500);
});

test('a connection that has no upstream says so, instead of what nobody did', () => {
  const { inspection } = new Traffic();
  inspection.open('tcp-1', { at: 1 });
  inspection.close('tcp-1', { at: 2, by: 'server', reason: 'mqtt://127.0.0.1:1 cannot be reached: ECONNREFUSED' });
  const [row] = connectionRows(inspection, new Tally()).connections;
  expect(row?.ending).toBe('mqtt://127.0.0.1:1 cannot be reached: ECONNREFUSED');
});
