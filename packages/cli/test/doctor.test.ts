import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { startBroker } from '@omqtt/broker';
import { freePort, requirePeer } from '@omqtt/peers';
import { afterAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { harness } from './harness.ts';
import { startMosquitto } from './mosquitto.ts';
import { startNameServer } from './name-server.ts';

const { omqtt, broker } = await harness({ authenticate: ({ username }) => username !== 'who' });
beforeEach(() => broker.faults.clear());

interface Check {
  readonly name: string;
  readonly status: string;
  readonly detail: string;
  readonly statements: readonly string[];
  readonly packets?: readonly string[];
}

async function findings(...args: string[]): Promise<ReadonlyMap<string, Check>> {
  const { stdout } = await omqtt.run(['doctor', ...args, '--json', '-W', '1s']);
  const { checks } = JSON.parse(stdout) as { readonly checks: readonly Check[] };
  return new Map(checks.map((check) => [check.name, check]));
}

function badOnes(checks: ReadonlyMap<string, Check>): readonly Check[] {
  return [...checks.values()].filter(({ status }) => status !== 'ok');
}

function is(status: string, detail: RegExp | string): (check: Check | undefined) => boolean {
  return (check) => check?.status === status && new RegExp(detail).test(check.detail);
}

const mosquitto = requirePeer('mosquitto');

describe.skipIf(mosquitto.isMissing)('mosquitto 2.0', async () => {
  const server = await startMosquitto(mosquitto.path, 'allow_anonymous true');
  afterAll(() => server.close());

  test('does all that the doctor asks for, at every level, and says what was checked by hand', async () => {
    const checks = await findings(`mqtt://127.0.0.1:${server.port}`, '--level', 'hostile');
    expect(badOnes(checks)).toEqual([]);
    expect(checks.size).toBe(31);
    expect(checks.get('limits')?.detail).toMatch(
      /^QoS up to 2, 20 in flight, packets up to any bytes, 10 topic aliases/,
    );
    expect(checks.get('PUBLISH with QoS 3')?.detail).toBe('the connection is ended, with 0x81');
    expect(checks.get('PUBREL with wrong flags')?.detail).toBe('the connection is ended, without a word');
  });
});

test('our broker does all that the doctor asks for, at every level', async () => {
  const checks = await findings(broker.url, '--level', 'hostile');
  expect(badOnes(checks)).toEqual([]);
  expect(checks.get('a second client with the same id takes over')?.detail).toBe('the first is told 0x8E');
});

test('what a broker gets wrong is found, with its statement and the packets', async () => {
  broker.faults.drop('pingresp', { times: Infinity });
  const checks = await findings(broker.url, '--level', 'full', '-u', 'me', '-P', 'geheim');
  const [ping] = badOnes(checks);
  expect(badOnes(checks)).toHaveLength(1);
  expect(ping).toMatchObject({ name: 'a ping is answered', status: 'fail', statements: ['MQTT-3.12.4-1'] });
  expect(ping?.packets?.join('\n')).toMatch(/CONNECT[\s\S]*CONNACK[\s\S]*PINGREQ/);
  expect(ping?.packets?.join('\n')).not.toContain('geheim');
});

test('what a broker says that it does not have is skipped, and shown as a warning', async () => {
  await using poor = await startBroker({
    limits: { maximumQoS: 0, retainAvailable: false, sharedSubscriptions: false },
  });
  const checks = await findings(poor.url, '--level', 'full');
  expect(checks.get('limits')).toSatisfy(is('warn', 'retained messages, shared subscriptions'));
  expect(checks.get('QoS 2 goes there and back')).toMatchObject({ status: 'skip' });
  expect([...checks.values()].filter(({ status }) => status === 'fail').map(({ name }) => name)).toEqual([]);
});

test.each([
  { what: 'a port that is closed', args: ['mqtt://127.0.0.1:1'], name: 'TCP', detail: /ECONNREFUSED/ },
  { what: 'bad credentials', args: [broker.url, '-u', 'who'], name: 'CONNECT', detail: /Bad User Name or Password/ },
])('$what ends it there', async ({ args, name, detail }) => {
  const bad = badOnes(await findings(...args));
  expect(bad.map((check) => check.name)).toEqual([name]);
  expect(bad[0]).toSatisfy(is('fail', detail));
});

test('a certificate is looked at: whether it is trusted, and when it ends', async () => {
  const certificates = join(import.meta.dirname, '../../transport-tcp/test/certificates');
  const [cert = '', key = ''] = ['server.pem', 'server-key.pem'].map((name) =>
    readFileSync(join(certificates, name), 'utf8'),
  );
  await using secure = await startBroker({ listeners: [{ type: 'tls', tls: { cert, key } }] });
  expect((await findings(secure.url)).get('TLS')).toSatisfy(is('fail', /not trusted .* ends in \d+ days/));
  const trusted = await findings(secure.url, '--cafile', join(certificates, 'ca.pem'));
  expect(trusted.get('TLS')).toMatchObject({ status: 'ok' });
  const inFolder = await findings(secure.url, '--capath', certificates);
  expect(inFolder.get('TLS')).toMatchObject({ status: 'ok' });
  const soon = await findings(secure.url, '--cafile', join(certificates, 'ca.pem'), '--expiry-days', '1000000');
  expect(soon.get('TLS')).toSatisfy(is('warn', 'renew it'));
});

test('a peer that is silent is told from one that is not there', async () => {
  const silent = createServer();
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
  const address = silent.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const checks = await findings(`mqtt://127.0.0.1:${port}`, '--connect-timeout', '200ms');
  silent.close();
  expect(badOnes(checks)).toMatchObject([{ name: 'CONNECT', detail: 'the broker did not answer CONNECT' }]);
});

test('the report comes in six forms, and the exit code says how it went', async () => {
  const report = (...args: string[]): ReturnType<typeof omqtt.run> => omqtt.run(['doctor', broker.url, ...args]);
  expect((await report()).stdout).toMatch(/^ok {4}network {4}DNS: [\s\S]*5 ok, 0 warnings, 0 failed, 0 skipped\n$/);
  expect((await report('-F', 'junit')).stdout).toMatch(/<testsuite name=".*" tests="5" failures="0" skipped="0">/);
  expect((await report('-F', 'nagios')).stdout).toMatch(/^MQTT OK - 5 checks \| connect=[\d.]+ms\n$/);
  expect((await report('-F', 'prometheus')).stdout).toMatch(
    /omqtt_check_ok\{url=".*",layer="connect",check="CONNECT"\} 1/,
  );
  expect((await report('-F', 'md')).stdout).toContain('| ok | connect | CONNECT |');
  const bad = ['mqtt://127.0.0.1:1'];
  expect(await omqtt.run(['doctor', ...bad])).toMatchObject({ status: 10, stderr: 'omqtt: 1 check failed\n' });
  expect(await omqtt.run(['doctor', ...bad, '-F', 'nagios'])).toMatchObject({ status: 2, stderr: '' });
});

test('-S has each server of the domain looked at, and the worst decides', async () => {
  const names = await startNameServer([Number(new URL(broker.url).port), await freePort()]);
  onTestFinished(names.close);
  const report = (...args: string[]): ReturnType<typeof omqtt.run> =>
    omqtt.run(['doctor', '-S', '-h', 'example.test', ...args], { env: names.env });
  const [text, json, junit, nagios, prometheus, md] = await Promise.all([
    report(),
    report('--json'),
    report('-F', 'junit'),
    report('-F', 'nagios'),
    report('-F', 'prometheus'),
    report('-F', 'md'),
  ]);
  expect(text).toMatchObject({ status: 10, stderr: 'omqtt: 1 check failed\n' });
  expect(text.stdout).toMatch(
    /^mqtt:\/\/localhost:\d+\nok [\s\S]* 0 failed, 0 skipped\n\nmqtt:\/\/localhost:\d+\nok [\s\S]*FAIL [\s\S]* 1 failed, 0 skipped\n$/,
  );
  const states = json.stdout
    .trim()
    .split('\n')
    .map((line) => (JSON.parse(line) as { readonly status: string }).status);
  expect(states).toEqual(['ok', 'fail']);
  expect(junit.stdout).toMatch(/<testsuites>[\s\S]*<testsuite [\s\S]*<testsuite [\s\S]*<\/testsuites>\n$/);
  expect(nagios).toMatchObject({ status: 2, stderr: '' });
  expect(nagios.stdout).toMatch(/^MQTT CRITICAL - mqtt:\/\/localhost:\d+ TCP: .*ECONNREFUSED \| connect1=[\d.]+ms\n$/);
  expect(prometheus.stdout.match(/# TYPE/g)).toHaveLength(2);
  expect(new Set(prometheus.stdout.match(/check_ok\{url="[^"]*"/g)).size).toBe(2);
  expect(md.stdout.match(/^# mqtt:/gm)).toHaveLength(2);
});
