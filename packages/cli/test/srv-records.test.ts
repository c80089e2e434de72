import { describe, expect, test } from 'vitest';
import { inOrder, serversOf } from '../src/connect/srv-records.ts';

function record(name: string, priority: number, weight: number) {
  return { name, priority, weight, port: 1883 };
}

describe('the servers of a domain', () => {
  test('come with the lowest priority first, under the name of the service', async () => {
    const asked: string[] = [];
    const resolve = (name: string) => {
      asked.push(name);
      return Promise.resolve([record('b.example', 20, 0), { ...record('a.example', 10, 0), port: 1884 }]);
    };
    const lookUp = { resolve, random: () => 0 };
    expect(await serversOf('example', 'mqtt', lookUp)).toEqual(['mqtt://a.example:1884', 'mqtt://b.example:1883']);
    expect(await serversOf('example', 'mqtts', lookUp)).toEqual(['mqtts://a.example:1884', 'mqtts://b.example:1883']);
    expect(asked).toEqual(['_mqtt._tcp.example', '_secure-mqtt._tcp.example']);
  });

  test.each([
    [0, ['light', 'heavy']],
    [0.24, ['light', 'heavy']],
    [0.26, ['heavy', 'light']],
    [0.99, ['heavy', 'light']],
  ])('of one priority come by weight: %d draws %j', (drawn, expected) => {
    const ordered = inOrder([record('heavy', 1, 3), record('light', 1, 1)], () => drawn);
    expect(ordered.map(({ name }) => name)).toEqual(expected);
  });

  test('are all there, each once, whatever is drawn', () => {
    const records = [record('a', 1, 0), record('b', 1, 5), record('c', 1, 0), record('d', 2, 7)];
    for (const drawn of [0, 0.5, 0.999_999]) {
      expect(
        inOrder(records, () => drawn)
          .map(({ name }) => name)
          .toSorted(),
      ).toEqual(['a', 'b', 'c', 'd']);
    }
  });

  test('are missed with what to do', async () => {
    const nowhere = {
      resolve: () => Promise.reject(Object.assign(new Error('no'), { code: 'ENOTFOUND' })),
      random: () => 0,
    };
    await expect(serversOf('example', 'mqtt', nowhere)).rejects.toThrow(
      'no SRV record _mqtt._tcp.example (ENOTFOUND): leave -S out to connect to example itself',
    );
    const without = { resolve: () => Promise.resolve([record('.', 0, 0)]), random: () => 0 };
    await expect(serversOf('example', 'mqtt', without)).rejects.toThrow('has no such server');
  });
});
