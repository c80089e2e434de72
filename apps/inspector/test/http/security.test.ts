import { request as httpRequest } from 'node:http';
import { freePort } from '@omqtt/peers';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { socketProtocol, tokenProtocol } from '../../src/api/routes.ts';
import { withInspector, type TestInspector } from '../with-inspector.ts';

let inspector: TestInspector;
let own: string;
let host: string;
beforeAll(async () => {
  inspector = await withInspector({});
  own = inspector.apiUrl ?? '';
  ({ host } = new URL(own));
});
afterAll(async () => void (await inspector.close()));

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
}

/** Unlike `fetch`, it sends the headers as they are given. */
function ask(path: string, headers: Record<string, string> = {}, post?: string): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const method = post === undefined ? 'GET' : 'POST';
    const asking = httpRequest(`${own}${path}`, { method, headers: { host, ...headers } }, (response) => {
      let text = '';
      response
        .setEncoding('utf8')
        .on('data', (piece: string) => (text += piece))
        .on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, text }));
    });
    asking.on('error', reject).end(post);
  });
}

interface Opened {
  readonly status: number;
  readonly protocol: string;
  readonly cookie: string | undefined;
}

/** As a page does, which has no cookie yet. */
function openWithToken(token: string, headers: Record<string, string> = { origin: own }): Promise<Opened> {
  return new Promise((resolve) => {
    const protocols = [socketProtocol, `${tokenProtocol}${token}`];
    const socket = new WebSocket(`ws://${host}/api/socket`, protocols, { headers });
    let given: string | undefined;
    socket
      .on('upgrade', (response) => (given = response.headers['set-cookie']?.[0]))
      .on('open', () => {
        resolve({ status: 101, protocol: socket.protocol, cookie: given });
        socket.terminate();
      })
      .on('unexpected-response', (_request, response) =>
        resolve({ status: response.statusCode ?? 0, protocol: '', cookie: response.headers['set-cookie']?.[0] }),
      )
      .on('error', () => {});
  });
}

/** 101, or the status that it was refused with. */
function openSocket(headers: Record<string, string>): Promise<number> {
  return new Promise((resolve) => {
    const socket = new WebSocket(`ws://${host}/api/socket`, { headers });
    socket
      .on('open', () => {
        socket.terminate();
        resolve(101);
      })
      .on('unexpected-response', (_request, response) => resolve(response.statusCode ?? 0))
      .on('error', () => {});
  });
}

const withToken = (): Record<string, string> => ({ authorization: `Bearer ${inspector.token ?? ''}` });
const json = { 'content-type': 'application/json' };

async function cookie(): Promise<string> {
  const { headers } = await ask('/api/session', { origin: own, ...json }, JSON.stringify({ token: inspector.token }));
  return String(headers['set-cookie']).split(';', 1)[0] ?? '';
}

describe('the host', () => {
  test.each(['evil.example', '127.0.0.1', '127.0.0.1:1', 'localhost.evil.example:80'])(
    'a request for the host %s is refused, page and API alike',
    async (wrong) => {
      expect((await ask('/', { host: wrong })).status).toBe(421);
      expect((await ask('/api/status', { host: wrong, ...withToken() })).status).toBe(421);
      expect(await openSocket({ host: wrong, origin: `http://${wrong}`, ...withToken() })).toBe(421);
    },
  );

  test('localhost is the same machine', async () => {
    const localhost = `localhost:${new URL(own).port}`;
    expect((await ask('/api/status', { host: localhost, ...withToken() })).status).toBe(200);
  });
});

describe('the origin', () => {
  test.each(['http://evil.example', 'null', 'https://127.0.0.1', 'http://127.0.0.1:1'])(
    'a request from %s is refused, even with the token',
    async (origin) => {
      expect((await ask('/api/status', { origin, ...withToken() })).status).toBe(403);
      expect(await openSocket({ origin, ...withToken() })).toBe(403);
      const body = JSON.stringify({ token: inspector.token });
      expect((await ask('/api/session', { origin, ...json }, body)).status).toBe(403);
    },
  );

  test('a WebSocket and a POST need one', async () => {
    expect(await openSocket(withToken())).toBe(403);
    expect((await ask('/api/session', json, JSON.stringify({ token: inspector.token }))).status).toBe(403);
    expect(await openSocket({ origin: own, ...withToken() })).toBe(101);
  });

  test('a browser that says that another site asks is refused', async () => {
    const site = { 'sec-fetch-site': 'cross-site' };
    expect((await ask('/api/status', { ...site, ...withToken() })).status).toBe(403);
    expect(await openSocket({ ...site, origin: own, ...withToken() })).toBe(403);
  });
});

async function askForFile(headers: Readonly<Record<string, string>>, body: string): Promise<number | undefined> {
  return (await ask('/api/export', { ...headers, ...json, ...withToken() }, body)).status;
}

describe('the token', () => {
  test('without it nothing but the files of the page is given', async () => {
    for (const path of ['/api/status', '/api/records', '/api/connections', '/api/export', '/api/nothing']) {
      expect((await ask(path)).status).toBe(401);
    }
    expect(await openSocket({ origin: own })).toBe(401);
    expect((await ask('/api/export', { origin: own, ...json }, '{"query":"","marks":[]}')).status).toBe(401);
    expect((await ask('/')).status).toBe(200);
  });

  test('with it a file can be asked for with marks, by the own page only, and what is no such question is refused', async () => {
    const sound = JSON.stringify({ query: 'format=omq', marks: [[1, 'why?']] });
    expect(await askForFile({ origin: own }, sound)).toBe(200);
    expect(await askForFile({}, sound)).toBe(403);
    expect(await askForFile({ origin: 'http://evil.example' }, sound)).toBe(403);
    for (const body of ['', 'null', '{}', '{"query":"format=omq","marks":[1]}']) {
      expect(await askForFile({ origin: own }, body)).toBe(400);
    }
    // What is too long is not read to its end, so nothing else follows on that connection.
    expect(await askForFile({ origin: own, connection: 'close' }, 'x'.repeat(2_000_000))).toBe(400);
  });

  test('posted once it becomes a cookie that scripts and other sites do not get', async () => {
    const body = JSON.stringify({ token: inspector.token });
    const { status, headers } = await ask('/api/session', { origin: own, ...json }, body);
    expect(status).toBe(204);
    expect(String(headers['set-cookie'])).toMatch(
      /^omqtt_inspector_\d+=[\w-]{43}; HttpOnly; SameSite=Strict; Path=\/$/,
    );
    expect(String(headers['set-cookie'])).not.toContain(inspector.token);
    expect((await ask('/api/status', { cookie: await cookie() })).status).toBe(200);
    expect(await openSocket({ origin: own, cookie: await cookie() })).toBe(101);
  });

  test('offered by a WebSocket it becomes the same cookie, and is not said back', async () => {
    const { status, protocol, cookie: given = '' } = await openWithToken(inspector.token ?? '');
    expect(status).toBe(101);
    expect(protocol).toBe(socketProtocol);
    expect(given).toMatch(/^omqtt_inspector_\d+=[\w-]{43}; HttpOnly; SameSite=Strict; Path=\/$/);
    expect(given.split(';', 1)[0]).toBe(await cookie());
  });

  test('a WebSocket that offers a wrong one, or the right one for another page, gets neither socket nor cookie', async () => {
    const token = inspector.token ?? '';
    const nothing = { protocol: '', cookie: undefined };
    expect(await openWithToken(`${token.slice(0, -1)}!`)).toEqual({ status: 401, ...nothing });
    expect(await openWithToken(token, {})).toEqual({ status: 403, ...nothing });
    expect(await openWithToken(token, { origin: 'http://evil.example' })).toEqual({ status: 403, ...nothing });
    expect(await openWithToken(token, { origin: 'http://evil.example', host: 'evil.example' })).toEqual({
      status: 421,
      ...nothing,
    });
    const offered = { 'sec-websocket-protocol': `${socketProtocol}, ${tokenProtocol}${token}` };
    expect((await ask('/api/status', offered)).status).toBe(401);
  });

  test('it is not taken from a form, nor from what is no JSON or too long', async () => {
    const token = JSON.stringify({ token: inspector.token });
    const plain = { origin: own, 'content-type': 'text/plain' };
    expect((await ask('/api/session', plain, token)).status).toBe(415);
    expect((await ask('/api/session', { origin: own, ...json }, '{')).status).toBe(400);
    expect((await ask('/api/session', { origin: own, ...json }, 'x'.repeat(5000))).status).toBe(400);
  });

  test('reading changes nothing, so what is only read cannot be posted to', async () => {
    expect((await ask('/api/records', { origin: own, ...withToken() }, '{}')).status).toBe(405);
    expect((await ask('/api/session', withToken())).status).toBe(405);
  });
});

test('every answer forbids scripts from elsewhere, frames and sniffing', async () => {
  for (const path of ['/', '/nothing', '/api/status']) {
    const { headers } = await ask(path);
    expect(headers['content-security-policy']).toContain("default-src 'none'; script-src 'self'");
    expect(headers['content-security-policy']).toContain("frame-ancestors 'none'");
    expect(headers['content-security-policy']).not.toContain('unsafe');
    expect(headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
    });
    expect(headers).not.toHaveProperty('access-control-allow-origin');
  }
});

test.each(['/../package.json', '/..%2fpackage.json', '/assets/../../package.json', '//etc/passwd'])(
  'no path leads out of the page: %s',
  async (path) => {
    expect((await ask(path)).status).toBe(404);
  },
);

test('the address of the page has the token in its fragment, which browsers keep to themselves', () => {
  expect(inspector.url).toBe(`${own}/#token=${inspector.token ?? ''}`);
  expect(inspector.token).toMatch(/^[\w-]{43}$/);
});

test('after ten wrong tokens nobody is let in for a while', async () => {
  await using other = await withInspector({});
  const { apiUrl = '' } = other;
  const statuses: number[] = [];
  for (let attempt = 0; attempt < 11; attempt += 1) {
    const response = await fetch(`${apiUrl}/api/status`, { headers: { authorization: `Bearer ${'x'.repeat(43)}` } });
    statuses.push(response.status);
  }
  expect(statuses).toEqual([...Array<number>(10).fill(401), 429]);
  const right = await fetch(`${apiUrl}/api/status`, { headers: { authorization: `Bearer ${other.token ?? ''}` } });
  expect(right.status).toBe(429);
});

test('the page is served on loopback only, at a port that is free', async () => {
  await expect(withInspector({ ui: { host: '0.0.0.0' } })).rejects.toThrow('no loopback address');
  const taken = Number(new URL(own).port);
  await expect(withInspector({ ui: { port: taken } })).rejects.toMatchObject({ code: 'listen-failed' });
});

test('no route may lead to the page, past its checks', async () => {
  const port = await freePort();
  const routes = [{ listen: 'mqtt://127.0.0.1:0', upstream: `mqtt://127.0.0.1:${port}` }];
  await expect(withInspector({ ui: { port }, routes })).rejects.toThrow("the port of the inspector's own page");
});
