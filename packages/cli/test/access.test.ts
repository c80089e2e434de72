/** Who is let in and what they may: as processes, on both sides of the wire. */
import type { AuthenticationMechanism } from '@omqtt/broker';
import { requirePeer } from '@omqtt/peers';
import { expect, onTestFinished, test } from 'vitest';
import { ScramServer } from '../../core/test/authentication/scram-server.ts';
import { harness } from './harness.ts';
import { startMosquitto } from './mosquitto.ts';
import type { Running } from './run-omqtt.ts';

const mosquitto = requirePeer('mosquitto');
const { omqtt, broker } = await harness({
  mechanisms: { 'SCRAM-SHA-256': scram('sha256'), 'SCRAM-SHA-512': scram('sha512') },
  authorize: ({ topic }) => !topic.startsWith('secret/'),
});
const at = ['-L', broker.url];

function scram(digest: 'sha256' | 'sha512'): AuthenticationMechanism {
  return () => {
    const server = new ScramServer({ digest, username: 'me', password: 'geheim' });
    let isAsked = false;
    return {
      next: (data) => {
        if (!isAsked) {
          isAsked = true;
          return { type: 'challenge', data: server.challenge(data) };
        }
        const { isProven, answer } = server.judge(data);
        return isProven ? { type: 'success', data: answer } : { type: 'failure', reasonCode: 0x87 };
      },
    };
  };
}

const proving = ['-u', 'me', '--password-env', 'SECRET', '-q', '1', 'a', 'b'];
const env = { SECRET: 'geheim' };

test.each(['scram-sha-256', 'SCRAM-SHA-512', 'scram'])(
  '--auth %s proves a password that is never sent',
  async (name) => {
    const pub = await omqtt.run(['pub', ...at, '--auth', name, '-dd', ...proving], { env });
    expect(pub).toMatchObject({ status: 0, stdout: '' });
    expect(pub.stderr).toMatch(/CONNECT[\s\S]*AUTH[\s\S]*CONNACK/);
    expect(pub.stderr).not.toContain('geheim');
    expect(pub.stderr).not.toContain(
      Buffer.from('geheim')
        .toString('hex')
        .replaceAll(/..(?!$)/g, '$& '),
    );
  },
);

test('--auth with a wrong password, a method that the broker lacks, and an old version says what is wrong', async () => {
  const [wrong, missing, old] = await Promise.all([
    omqtt.run(['pub', ...at, '--auth', 'scram', ...proving], { env: { SECRET: 'guess' } }),
    omqtt.run(['pub', ...at, '--auth', 'scram-sha-1', ...proving], { env }),
    omqtt.run(['pub', ...at, '--auth', 'scram', '-V', '3.1.1', ...proving], { env }),
  ]);
  expect([wrong.status, wrong.stderr]).toEqual([6, expect.stringContaining('0x87 Not authorized')]);
  expect([missing.status, missing.stderr]).toEqual([
    6,
    'omqtt: the server refused the connection: 0x8c Bad authentication method\n  The broker knows no such method: choose another one for --auth, or none.\n',
  ]);
  expect([old.status, old.stderr]).toEqual([2, 'omqtt: --auth needs MQTT 5: leave -V 3.1.1 out\n']);
});

test.skipIf(mosquitto.isMissing)('--auth at mosquitto, which has no method, ends with 6', async () => {
  const server = await startMosquitto(mosquitto.path);
  onTestFinished(server.close);
  const pub = await omqtt.run(['pub', '-h', '127.0.0.1', '-p', String(server.port), '--auth', 'scram', ...proving], {
    env,
  });
  expect([pub.status, pub.stderr]).toEqual([6, expect.stringContaining('choose another one for --auth, or none')]);
});

test('--auth proves the password for doctor, whose packets do not show it', async () => {
  const scram256 = ['--auth', 'scram', '-u', 'me', '--password-env', 'SECRET'];
  const [right, wrong] = await Promise.all([
    omqtt.run(['doctor', ...at, ...scram256, '--level', 'hostile', '--json'], { env }),
    omqtt.run(['doctor', ...at, ...scram256], { env: { SECRET: 'guess' } }),
  ]);
  expect([right.status, right.stderr]).toEqual([0, '']);
  expect(checksOf(right.stdout)).toMatchObject({
    authentication: 'SCRAM-SHA-256 was accepted, and the broker proved that it knows the password',
    'a second client with the same id takes over': expect.stringContaining('') as string,
    'topic alias 0': expect.stringContaining('ended') as string,
  });
  expect([wrong.status, wrong.stdout]).toEqual([
    10,
    expect.stringMatching(/FAIL +connect +CONNECT: .*0x87 Not authorized/),
  ]);
  expect(wrong.stdout).toContain('AUTH');
  expect(wrong.stdout).not.toMatch(/n=me|r=|guess/);
});

test('--auth proves the password for session', async () => {
  const scram512 = ['--auth', 'SCRAM-SHA-512', '-u', 'me', '--password-env', 'SECRET'];
  await omqtt.run(['sub', ...at, ...scram512, '-i', 'kept', '-c', '-t', 'a', '-q', '1', '-E'], { env });
  const shown = await omqtt.run(['session', 'show', '-i', 'kept', ...at, ...scram512], { env });
  expect(shown).toMatchObject({ status: 0, stdout: 'the broker has a session\n', stderr: '' });
  const wrong = await omqtt.run(['session', 'drop', '-i', 'kept', ...at, ...scram512], { env: { SECRET: 'guess' } });
  expect([wrong.status, wrong.stderr]).toEqual([6, expect.stringContaining('0x87 Not authorized')]);
});

/** What the doctor found, by the names of its checks. */
function checksOf(json: string): Readonly<Record<string, string>> {
  const { checks } = JSON.parse(json) as {
    readonly checks: readonly { readonly name: string; readonly detail: string }[];
  };
  return Object.fromEntries(checks.map(({ name, detail }) => [name, detail]));
}

test('--partial goes on with the filters that were granted, and names the one that was not', async () => {
  const filters = ['-t', 'open/#', '-t', 'secret/#'];
  const whole = await omqtt.run(['sub', ...at, ...filters, '-C', '1', '-W', '10s']);
  expect([whole.status, whole.stdout]).toEqual([6, '']);
  expect(whole.stderr).toMatch(/secret\/#[\s\S]*\n {2}Log in/);
  const listening = omqtt.start(['sub', ...at, ...filters, '--partial', '-C', '1', '-W', '10s', '-d']);
  await listening.shows('SUBACK');
  await listening.shows('secret/#');
  await broker.publish({ topic: 'open/door', payload: 'came' });
  const { status, stdout, stderr } = await listening.finished;
  expect([status, stdout]).toEqual([0, 'came\n']);
  expect(stderr).toMatch(/secret\/#.*0x87 Not authorized/);
  const none = await omqtt.run(['sub', ...at, '-t', 'secret/a', '-t', 'secret/b', '--partial', '-W', '10s']);
  expect(none.status).toBe(6);
});

function startOwn(...args: string[]): Running {
  const running = omqtt.start(['broker', '-p', '0', ...args]);
  onTestFinished(async () => {
    running.child.kill('SIGKILL');
    await running.finished;
  });
  return running;
}

test('broker --ws-port listens there as well, after its own port, until Ctrl-C', async () => {
  const own = startOwn('--ws-port', '0');
  await own.shows('Ctrl-C');
  const [tcp = '', web = ''] = own.stdout.trim().split('\n');
  expect([tcp, web]).toEqual([
    expect.stringMatching(/^mqtt:\/\/127\.0\.0\.1:\d+$/),
    expect.stringMatching(/^ws:\/\/127\.0\.0\.1:\d+\/mqtt$/),
  ]);
  const listening = omqtt.start(['sub', '-L', web, 'a', '-C', '1', '-W', '10s', '-d']);
  await listening.shows('SUBACK');
  expect(await omqtt.run(['pub', '-L', tcp, 'a', 'b', '-q', '1'])).toMatchObject({ status: 0 });
  expect(await listening.finished).toMatchObject({ status: 0, stdout: 'b\n' });
  const taken = await omqtt.run(['broker', '-p', '0', '--ws-port', new URL(web).port]);
  expect([taken.status, taken.stderr]).toEqual([2, expect.stringContaining('choose another port')]);
  own.child.kill('SIGINT');
  expect((await own.finished).status).toBe(0);
});

test('broker --read-only refuses what clients publish and leave behind, and lets them listen', async () => {
  const own = startOwn('--read-only');
  await own.shows('Ctrl-C');
  const url = own.stdout.trim();
  const [pub, will, sub] = await Promise.all([
    omqtt.run(['pub', '-L', url, '-q', '1', 'a', 'b']),
    omqtt.run(['conn', '-L', url, '--once', '--will-topic', 'w', '--will-payload', 'x']),
    omqtt.run(['sub', '-L', url, 'a', '-E']),
  ]);
  expect(pub.status).toBe(6);
  expect(pub.stderr).toMatch(/^omqtt: the server refused the message to "a": 0x87 Not authorized\n {2}Log in .*\n$/);
  expect(will.status).toBe(6);
  expect(sub).toMatchObject({ status: 0, stderr: '' });
});
