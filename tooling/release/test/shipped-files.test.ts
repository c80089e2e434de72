import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { refuseUselessFiles, unpackedBytes } from '../src/shipped-files.ts';

function shipped(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'omqtt-shipped-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  return folder;
}

test('a source map with its sources within is fine, and so is a program without a map', () => {
  const map = JSON.stringify({ sources: ['../src/index.ts'], sourcesContent: ['export {};'] });
  const folder = shipped({
    'dist/index.js': 'export {};\n//# sourceMappingURL=index.js.map\n',
    'dist/index.js.map': map,
    'dist/other.js': 'export {};\n',
  });
  expect(() => refuseUselessFiles(folder)).not.toThrow();
  expect(unpackedBytes(folder)).toBeGreaterThan(map.length);
});

test('a source map that leads to a source that is not shipped is refused', () => {
  const folder = shipped({ 'dist/index.js.map': JSON.stringify({ sources: ['../src/index.ts'] }) });
  expect(() => refuseUselessFiles(folder)).toThrow('dist/index.js.map points to ../src/index.ts, which is not shipped');
});

test('a program that names a map that is not shipped is refused', () => {
  const folder = shipped({ 'dist/index.js': 'export {};\n//# sourceMappingURL=index.js.map\n' });
  expect(() => refuseUselessFiles(folder)).toThrow('names the source map index.js.map');
});

test('a test is not shipped', () => {
  const folder = shipped({ 'dist/test/codec.js': '', 'dist/encode.test.js': '' });
  expect(() => refuseUselessFiles(folder)).toThrow(
    /dist\/encode\.test\.js[^]*dist\/test\/codec\.js|dist\/test\/codec\.js[^]*encode/,
  );
});
