import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { encode } from '@omqtt/codec';
import { expect, test } from 'vitest';
import { recipes } from '../src/documentation/cheat-sheet.ts';
import { harness } from './harness.ts';
import type { Finished } from './run-omqtt.ts';

const { omqtt, broker } = await harness();

test('explain knows codes, names, packets, properties, statements and exit codes', async () => {
  const explain = async (what: string): Promise<string> => (await omqtt.run(['explain', what])).stdout;
  expect(await explain('0x87')).toMatch(/^0x87 \(135\) Not authorized\n {2}failure, in CONNACK, PUBACK.*\n {2}Log in/);
  expect(await explain('no matching subscribers')).toContain('0x10 (16)');
  expect(await explain('puback')).toContain('packet type 4');
  expect(await explain('Message Expiry Interval')).toContain('property 0x02 messageExpirySeconds');
  expect(await explain('MQTT-3.3.1-4')).toContain('QoS');
  expect(await explain('exit 6')).toContain('authentication');
  expect(await omqtt.run(['explain', 'nonsense'])).toMatchObject({ status: 2, stdout: '' });
});

test('decode shows hex, bytes and captures, picks by filter, hides passwords, and fails with 10 at an error [parity E48]', async () => {
  const tree = await omqtt.run(['decode', '30 03 00 01 61']);
  expect([tree.status, tree.stdout]).toEqual([0, expect.stringContaining('topic: "a" [2-5]')]);
  const piped = await omqtt.run(['decode', '--lines'], { input: Uint8Array.of(0xc0, 0, 0xc0, 0) });
  expect(piped.stdout.match(/PINGREQ/g)).toHaveLength(2);
  const wrong = await omqtt.run(['decode', '36 03 00 01 61']);
  expect([wrong.status, wrong.stdout]).toEqual([10, expect.stringContaining('MQTT-3.3.1-4')]);
  const connect = '10 18 00 04 4d 51 54 54 05 c2 00 3c 00 00 00 00 01 75 00 06 67 65 68 65 69 6d';
  const hidden = await omqtt.run(['decode', connect]);
  expect(hidden.stdout).not.toMatch(/geheim|67 65 68/);
  expect(hidden.stdout).toContain('password: 2a 2a 2a 2a 2a 2a [');
  const records = await omqtt.run(['decode', '--json', '3003000161c000']);
  expect(
    (await omqtt.run(['decode', '--lines', '--filter', 'type:pingreq'], { input: records.stdout })).stdout,
  ).toMatch(/^\S+ \S+ -> PINGREQ\n$/);
  const mistake = await omqtt.run(['decode', '00', '--filter', 'type:(']);
  expect([mistake.status, mistake.stderr]).toEqual([2, expect.stringContaining('\n  type:(\n  ^\n')]);
});

test.each(['bash', 'zsh', 'fish', 'pwsh'])(
  'the completion for %s knows commands, options and choices',
  async (shell) => {
    const { status, stdout } = await omqtt.run(['completion', shell]);
    expect(status).toBe(0);
    expect(stdout).toContain('retain-handling');
    expect(stdout).toContain('scram-sha-256');
  },
);

/** Of a record. */
function bytesOf(result: Finished | undefined): Buffer {
  const { raw64 } = JSON.parse(result?.stdout ?? '') as { readonly raw64: string };
  return Buffer.from(raw64, 'base64');
}

test('decode --with-secrets shows what is hidden otherwise, as a tree and as a record', async () => {
  const packet = encode(
    {
      type: 'connect',
      version: '5.0',
      clientId: 'dev',
      cleanStart: true,
      keepAliveSeconds: 60,
      username: 'me',
      password: Buffer.from('geheim'),
      properties: { authenticationMethod: 'X', authenticationData: Buffer.from('token') },
    } as const,
    '5.0',
  );
  const hex = Buffer.from(packet).toString('hex');
  const [hidden, shown, hiddenRecord, shownRecord] = await Promise.all(
    [[], ['--with-secrets'], ['--json'], ['--json', '--with-secrets']].map((how) => omqtt.run(['decode', hex, ...how])),
  );
  const secrets = [/password: 67 65 68 65 69 6d/, /value: 74 6f 6b 65 6e/];
  for (const secret of secrets) {
    expect(hidden?.stdout).not.toMatch(secret);
    expect(shown?.stdout).toMatch(secret);
  }
  expect(bytesOf(hiddenRecord).toString()).toMatch(/\*{5}.*\*{6}/);
  expect(bytesOf(shownRecord)).toEqual(Buffer.from(packet));
});

test('decode --from-server reads packets that both sides send as those of the broker', async () => {
  // DISCONNECT: server shutting down, which no client may say.
  const [guessed, told, denied] = await Promise.all(
    [[], ['--from-server'], ['--no-from-server']].map((how) => omqtt.run(['decode', 'e0 01 8b', '--lines', ...how])),
  );
  expect([guessed?.status, told?.status, denied?.status]).toEqual([10, 0, 10]);
  expect(told?.stdout).toContain('<- DISCONNECT Server shutting down');
  expect(guessed?.stdout).toMatch(/-> DISCONNECT[\s\S]*cannot carry this reason code/);
});

test('decode shows what is in payloads', async () => {
  // A PUBLISH of a/b with the content type application/cbor, and {"t": 1}.
  const packet = '301d0003612f621303001061 70706c69636174696f6e2f63626f72 a1617401'.replaceAll(' ', '');
  const tree = await omqtt.run(['decode', packet, '--decode', 'auto']);
  expect([tree.status, tree.stdout]).toEqual([0, expect.stringContaining('payload as cbor: {\n  "t": 1\n}\n')]);
  const { stdout } = await omqtt.run(['decode', packet, '--decode', 'cbor', '--json']);
  expect(JSON.parse(stdout)).toMatchObject({ topic: 'a/b', decoded: { as: 'cbor', value: { t: 1 } } });
  const wrong = await omqtt.run(['decode', packet, '--decode', 'json']);
  expect([wrong.status, wrong.stderr]).toEqual([11, 'omqtt: the payload of a/b is no JSON\n']);
});

test('bash completes what stands on the line', async () => {
  const { stdout } = await omqtt.run(['completion', 'bash']);
  const complete = (line: string): string => {
    const words = line.split(' ');
    const set = `COMP_WORDS=(${words.map((word) => `'${word}'`).join(' ')}); COMP_CWORD=${words.length - 1}`;
    const script = `${stdout}\n${set}; _omqtt; echo "\${COMPREPLY[*]}"`;
    return execFileSync('bash', ['-c', script], { encoding: 'utf8' }).trim();
  };
  expect(complete('omqtt su')).toBe('sub');
  expect(complete('omqtt pub --enc')).toBe('--encode');
  expect(complete('omqtt pub --encode he')).toBe('hex');
});

test('the manual page is made of the same table', async () => {
  const { stdout } = await omqtt.run(['help', 'pub', '--man']);
  expect(stdout).toContain('.B \\-q, \\-\\-qos 0|1|2');
});

test('the page of the documentation is up to date: omqtt help --markdown > docs/cli.md', async () => {
  const { stdout } = await omqtt.run(['help', '--markdown']);
  expect(readFileSync(join(import.meta.dirname, '../../../docs/cli.md'), 'utf8')).toBe(stdout);
});

test('a narrow terminal gets narrow help, and nothing is wider', async () => {
  const { stdout } = await omqtt.run(['help', 'sub']);
  const widest = Math.max(...stdout.split('\n').map(({ length }) => length));
  expect(widest).toBeLessThanOrEqual(100);
});

test('the cheat sheet is shown, all or a topic', async () => {
  const all = await omqtt.run(['cheat']);
  for (const { line } of recipes) expect(all.stdout).toContain(line);
  expect((await omqtt.run(['cheat', 'connect'])).stdout).not.toContain('omqtt pub');
});

test('every line of the cheat sheet does what it says', async () => {
  await broker.publish({ topic: 'keep/1', payload: '{"temp":21.5}', retain: true });
  const failed = await Promise.all(
    recipes.map(async ({ line }) => {
      const { status, stderr } = await omqtt.shell(line, {
        env: { OMQTT_URL: broker.url },
        cwd: join(import.meta.dirname, '..'),
      });
      return status === 0 ? [] : [`${line}: ${status} ${stderr}`];
    }),
  );
  expect(failed.flat()).toEqual([]);
});
