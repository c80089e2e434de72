import { startBroker } from '@omqtt/broker';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { expect, onTestFinished, test } from 'vitest';
import { createApiKey } from '../../src/access/api-keys.ts';
import { jsonLog } from '../../src/ops/json-log.ts';
import { aBridge, ready } from '../a-bridge.ts';

test('no key, token, ticket or password is in any log, answer or metric, good or bad', async () => {
  const lines: string[] = [];
  const logger = jsonLog((line) => void lines.push(line), 'debug');
  const own = createApiKey('own');
  const { publicKey, privateKey } = await generateKeyPair('ES256');
  const jwks = { keys: [{ ...(await exportJWK(publicKey)), kid: 'k' }] };
  const token = await new SignJWT({ iss: 'https://issuer.example', aud: 'bridge', sub: 'x', exp: 9_999_999_999 })
    .setProtectedHeader({ alg: 'ES256', kid: 'k' })
    .sign(privateKey);
  const broker = await startBroker();
  onTestFinished(() => broker.close());
  const password = 'password-of-the-bridge';
  const bridge = await aBridge({
    logger,
    brokers: {
      default: { url: broker.url, username: 'bridge', password },
      away: { url: 'mqtt://127.0.0.1:1', username: 'bridge', password },
    },
    access: {
      keys: [{ id: 'own', role: 'r', secrets: [{ sha256: own.sha256 }] }],
      jwt: [{ issuer: 'https://issuer.example', audience: 'bridge', jwks, role: 'r' }],
      roles: { r: { rules: [{ actions: ['publish', 'read'], filters: ['#'] }] } },
    },
  });
  await ready(bridge);
  const secrets = [own.key, own.key.slice(-24), token, token.split('.')[2] ?? '', password];
  const answers: string[] = [];
  const call = async (path: string, headers: Record<string, string>): Promise<void> => {
    answers.push((await bridge.call('GET', path, { headers })).text);
  };
  for (const credential of [own.key, `${own.key}x`, token, `${token}x`]) {
    await call('/v1/whoami', { authorization: `Bearer ${credential}` });
    await call('/v1/brokers/away/topics/a', { 'x-api-key': credential });
    await call(`/v1/events?filter=a&ticket=${encodeURIComponent(credential)}`, {});
    await call(`/v1/topics/${encodeURIComponent('#')}`, { authorization: `Bearer ${credential}` });
  }
  const issued = await bridge.call('POST', '/v1/tickets', { headers: { 'x-api-key': own.key } });
  const ticket = String(issued.body['ticket']);
  secrets.push(ticket);
  // Twice, so that the second one is a problem.
  for (let turn = 0; turn < 2; turn += 1) await call(`/v1/events?filter=a%23&ticket=${ticket}`, {});
  answers.push(await (await fetch(`${bridge.adminUrl ?? ''}/metrics`)).text());
  await bridge.close();
  const everything = [...answers, ...lines].join('\n');
  expect(secrets.filter((secret) => everything.includes(secret))).toEqual([]);
  expect(lines.length).toBeGreaterThan(0);
});
