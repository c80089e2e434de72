import type { ProtocolVersion } from '@omqtt/codec';
import { describe, expect, test } from 'vitest';
import { decodeFrame } from '../../src/decode/decode-frame.ts';
import type { Finding } from '../../src/index.ts';
import { bytesOfHex } from '../conversation.ts';
import { codecFixtures } from './codec-fixtures.ts';

function findingsIn(text: string): readonly Finding[] {
  const words = text.split(' ');
  const bytes = bytesOfHex(words.at(-1) ?? '');
  const version: ProtocolVersion = words.includes('3.1.1') ? '3.1.1' : '5.0';
  const direction = words.includes('server') ? 's2c' : 'c2s';
  return decodeFrame(bytes, { version, direction, isOld: false, size: bytes.length }).findings;
}

describe.each(Object.entries(codecFixtures))('%s', (rule, [bad, good]) => {
  test('is found in the packet that breaks it, within its bytes', () => {
    const found = findingsIn(bad).find((finding) => finding.rule === rule);
    expect(found).toBeDefined();
    expect(found?.end).toBeLessThanOrEqual(bytesOfHex(bad.split(' ').at(-1) ?? '').length);
  });

  test('is not found in the packet that keeps it', () => {
    expect(findingsIn(good)).toEqual([]);
  });
});

test('the id is that of the case: a property cites the section that has its values', () => {
  expect(findingsIn(codecFixtures['bad-property-value'][0])[0]?.id).toBe('sec 3.1.2.11.3');
});

test('[5.0 MQTT-1.5.4-1] the text that is ill-formed says which field that is', () => {
  expect(findingsIn(codecFixtures['ill-formed-text'][0])[0]).toMatchObject({
    ids: ['MQTT-1.5.4-1', 'MQTT-3.3.2-1'],
    start: 2,
    end: 6,
  });
});
