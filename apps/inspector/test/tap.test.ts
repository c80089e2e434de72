import { startBroker } from '@omqtt/broker';
import { connect } from 'omqtt';
import { expect, test } from 'vitest';
import type { RecordList } from '../src/index.ts';
import { withInspector } from './with-inspector.ts';
import { patiently } from './patiently.ts';

test('a client of this process shows its packets without a proxy, its secrets left out', async () => {
  await using broker = await startBroker();
  await using inspector = await withInspector({});
  const credentials = { username: 'me', password: 'swordfish' };
  const client = await connect(broker.url, { clientId: 'tapped', credentials, onPacket: inspector.tap('my client') });
  await client.publish('a/b', 'hello', { qos: 1 });
  await client.disconnect();
  const read = async (): Promise<RecordList> => {
    const headers = { authorization: `Bearer ${inspector.token ?? ''}` };
    return (await fetch(`${inspector.apiUrl ?? ''}/api/records`, { headers })).json() as Promise<RecordList>;
  };
  const types = async (): Promise<string[]> => (await read()).rows.map(({ type }) => type);
  await expect.poll(types, patiently).toEqual(['connect', 'connack', 'publish', 'puback', 'disconnect']);
  const { rows } = await read();
  expect(rows[2]).toMatchObject({ connection: 'tap-1', clientId: 'tapped', pair: { status: 'done' } });
  expect(JSON.stringify(rows)).not.toContain('swordfish');
});
