import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from 'vitest';

test('the demonstration prints every packet of the conversation', () => {
  const script = join(import.meta.dirname, '../start.ts');
  const output = execFileSync(process.execPath, ['--conditions=@omqtt/source', script], { encoding: 'utf8' });

  const names = [...output.matchAll(/^[▶◀] ([A-Z]+) /gm)].map(([, name]) => name);
  expect(names.join(' ')).toBe('CONNECT CONNACK SUBSCRIBE SUBACK PUBLISH PINGREQ PUBACK PINGRESP DISCONNECT');
});
