import { expect, test } from 'vitest';

import { dialogue } from './dialogue.ts';
import { puback } from './packets.ts';

test('a server of 3.1.1, which cannot tell its limit, gets no more than 20 messages at once', () => {
  const given = dialogue().connected({ version: '3.1.1' });
  for (let count = 0; count < 22; count += 1) given.publish('a');
  expect(given.said()).toHaveLength(20);
  given.receive(puback(1));
  expect(given.said()).toEqual(['publish 21 a']);
});

test('the limit can be chosen, within that of the server', () => {
  const given = dialogue({ sendMaximum: 2 }).connected({ properties: { receiveMaximum: 3 } });
  for (let count = 0; count < 4; count += 1) given.publish('a');
  expect(given.said()).toHaveLength(2);
});
