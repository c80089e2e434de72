import { describe, expect, test } from 'vitest';

import { PacketWriter } from '../src/packet-writer.ts';
import { writeText } from '../src/text.ts';
import { WrittenTexts } from '../src/written-texts.ts';

const newWriter = (): PacketWriter => new PacketWriter('5.0', 'either');

function bytesOf(text: string): number[] {
  const writer = newWriter();
  writeText(writer, text, 'text');
  return [...writer.bytes.subarray(0, writer.at)];
}

/** Writes the text as an encoder does, and says whether its bytes were remembered. */
function isFound(written: WrittenTexts, text: string, writer: PacketWriter = newWriter()): boolean {
  const start = writer.at;
  const found = written.write(writer, text);
  if (!found) {
    writeText(writer, text, 'text');
    written.remember(writer, text, start);
  }
  expect([...writer.bytes.subarray(start, writer.at)]).toEqual(bytesOf(text));
  return found;
}

function texts(count: number): string[] {
  return Array.from({ length: count }, (_, index) => `topic/${index}`);
}

describe('the texts that were written lately', () => {
  test.each(['a', 'ab', 'abc', 'abcd', 'abcde', 'a'.repeat(93), 'a'.repeat(94)])(
    '%j is found when it comes again',
    (text) => {
      const written = new WrittenTexts();
      expect([isFound(written, text), isFound(written, text)]).toEqual([false, true]);
    },
  );

  test.each(['', 'é', 'a'.repeat(95)])('%j is not remembered', (text) => {
    const written = new WrittenTexts();
    expect([isFound(written, text), isFound(written, text)]).toEqual([false, false]);
  });

  test('are found for another buffer, at its end, and with others behind them', () => {
    const written = new WrittenTexts();
    const writer = newWriter();
    isFound(written, 'a/b/c', writer);
    const found = Array.from({ length: 200 }, (_, index) => isFound(written, index % 2 === 0 ? 'a/b/c' : 'd', writer));
    expect(found.filter((each) => each)).toHaveLength(199);
    writer.release();
    expect(isFound(written, 'a/b/c', writer)).toBe(true);
    expect(isFound(written, 'd', newWriter())).toBe(true);
  });
});

describe('where hardly any text is written again', () => {
  test('the search rests', () => {
    const written = new WrittenTexts();
    for (const text of texts(257)) isFound(written, text);
    expect([isFound(written, 'x'), isFound(written, 'x')]).toEqual([false, false]);
  });

  test('it works again later', () => {
    const written = new WrittenTexts();
    for (const text of texts(257)) isFound(written, text);
    const writer = newWriter();
    for (let count = 0; count < 64 * 256; count += 1) written.write(writer, 'x');
    expect([isFound(written, 'x'), isFound(written, 'x')]).toEqual([false, true]);
  });

  test('a full memory forgets, and goes on where texts had come again', () => {
    const written = new WrittenTexts();
    for (const text of texts(256)) expect([isFound(written, text), isFound(written, text)]).toEqual([false, true]);
    expect([isFound(written, 'x'), isFound(written, 'x')]).toEqual([false, true]);
    expect(isFound(written, 'topic/1')).toBe(false);
  });
});
