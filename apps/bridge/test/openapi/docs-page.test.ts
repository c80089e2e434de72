import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import { describe, expect, test } from 'vitest';
import { aBridge } from '../a-bridge.ts';

const key = { id: 'one', role: 'all', secrets: [{ sha256: '0'.repeat(64) }] };
const roles = { all: { rules: [{ actions: ['publish' as const], filters: ['#'] }] } };

describe('the page of the documentation', () => {
  test('shows all operations, with lines for a shell, and needs nothing from anywhere', async () => {
    const bridge = await aBridge();
    const { status, headers, text } = await bridge.call('GET', '/docs');
    expect(status).toBe(200);
    expect(headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(text).toContain('<b>POST</b> <code>/v1/publish/batch</code>');
    expect(text).toContain(`curl -X PUT &#39;${bridge.url}/v1/topics/room/1&#39;`);
    const policy = headers.get('content-security-policy') ?? '';
    expect(policy).toMatch(/^default-src 'none'; style-src 'sha256-[\w+/]{43}=';/);
    expect(text).not.toMatch(/<script|<link|<img|\son\w+=|\sstyle=|src=/);
    expect([...text.matchAll(/href="([^"]*)"/g)].filter(([, target = '']) => !/^[/#]/.test(target))).toEqual([]);
  });

  test('writes the host that was asked for as text, whatever it is', async () => {
    const bridge = await aBridge();
    const request = get(`${bridge.url}/docs`, { headers: { host: `x"><script>'` } });
    const [response] = (await once(request, 'response')) as [IncomingMessage];
    const page = Buffer.concat(await response.toArray()).toString();
    expect(response.statusCode).toBe(200);
    expect(page).not.toContain('<script');
  });

  test('is there for those who try things out, and elsewhere when the configuration says so', async () => {
    const closed = await aBridge({ access: { keys: [key], roles } });
    expect((await closed.call('GET', '/docs')).status).toBe(404);
    const wanted = await aBridge({ access: { keys: [key], roles }, docs: { page: 'always' } });
    expect((await wanted.call('GET', '/docs')).status).toBe(200);
    const unwanted = await aBridge({ docs: { page: 'never' } });
    expect((await unwanted.call('GET', '/docs')).status).toBe(404);
  });
});
