import { encode, type Packet } from '@omqtt/codec';
import { Inspection, type ConnectionView, type Direction } from '@omqtt/inspect';
import { expect, test } from 'vitest';
import { keepAliveText } from '../../page/detail/keep-alive.ts';

type Said = readonly [at: number, direction: Direction, packet: Packet];

const connect: Packet = { type: 'connect', version: '5.0', clientId: 'a', cleanStart: true, keepAliveSeconds: 10 };
const opened: readonly Said[] = [
  [0, 'c2s', connect],
  [1, 's2c', { type: 'connack', sessionPresent: false, reasonCode: 0 }],
];

function viewOf(...said: readonly Said[]): { readonly view: ConnectionView; readonly inspection: Inspection } {
  const inspection = new Inspection();
  inspection.open('one', { at: 0 });
  for (const [at, direction, packet] of [...opened, ...said]) {
    inspection.bytes('one', direction, { chunk: encode(packet, '5.0'), at });
  }
  const view = inspection.connection('one');
  if (!view) throw new Error('There is no connection.');
  return { view, inspection };
}

test('a client that is heard in time is told of with its silences and its last ping', () => {
  const { view } = viewOf([8000, 'c2s', { type: 'pingreq' }], [8004, 's2c', { type: 'pingresp' }]);
  expect(view.keepAlive).toEqual({ heardAt: 8000, longestSilentMs: 8000, askedAt: undefined, pingMs: 4 });
  expect(keepAliveText(view, 11_000)).toBe('10 s, silent for 3s, at most 8s, last PINGRESP after 4ms');
});

test('a client that is silent for too long, and a ping without answer, stand out', () => {
  const { view } = viewOf([5000, 'c2s', { type: 'pingreq' }]);
  expect(keepAliveText(view, 17_500)).toBe(
    '10 s, silent for 12.5s, ⚠ 2.5s too long, at most 12.5s, ⚠ PINGREQ unanswered for 12.5s',
  );
});

test('after its end a connection is as it was then', () => {
  const { inspection } = viewOf();
  inspection.close('one', { at: 4000, by: 'client' });
  const view = inspection.connection('one');
  expect(view && keepAliveText(view, 900_000)).toBe('10 s, silent for 4s at its end, at most 4s');
});

test('keep alive of 0 is off', () => {
  const { view } = viewOf();
  expect(keepAliveText({ ...view, keepAliveSeconds: 0 }, 5000)).toBe('off');
});
