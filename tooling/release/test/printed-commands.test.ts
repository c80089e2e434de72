import { expect, test } from 'vitest';
import { blocksOf } from '../src/printed-commands.ts';

const fence = '```';
const block = (language: string, ...lines: string[]): string => [fence + language, ...lines, fence].join('\n');

test('what can be run is told from what cannot: an install, and a program that has no end', () => {
  const page = [
    block('sh', 'npm install --global it'),
    block('sh', 'omqtt broker &   # a broker', 'kill %1'),
    block('sh', 'omqtt-inspector --listen a'),
    block('sh', 'omqtt-inspector --listen a --exit-after 5s \\', '  --print &', 'mosquitto_pub -t a'),
    block('sh', 'npx @omqtt/bridge bridge.yaml'),
    block('sh', 'npx @omqtt/bridge print-openapi > bridge.json', 'npx other bridge.json'),
    block('sh', 'curl http://localhost:8080/a', 'curl http://localhost:8080/b'),
  ].join('\n\n');
  expect(blocksOf('page.md', page).map(({ name, firstLine, kind }) => [name, firstLine, kind])).toEqual([
    ['page.md, commands 2', 'omqtt broker &', 'command-line'],
    ['page.md, commands 4', 'omqtt-inspector --listen a --exit-after 5s', 'inspector'],
    ['page.md, commands 5', 'npx @omqtt/bridge bridge.yaml', 'bridge'],
    ['page.md, commands 6', 'npx @omqtt/bridge print-openapi > bridge.json', 'bridge-tool'],
  ]);
});

test('a bridge is started as the page configures it, and asked what the page asks first', () => {
  const page = [
    block('yaml', 'brokers: {}'),
    block('sh', 'npx @omqtt/bridge bridge.yaml'),
    block('sh', 'curl http://localhost:8080/a', 'curl http://localhost:8080/b'),
  ].join('\n\n');
  expect(blocksOf('page.md', page)).toMatchObject([{ yaml: 'brokers: {}\n', request: 'curl http://localhost:8080/a' }]);
});
