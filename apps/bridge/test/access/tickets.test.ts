import { describe, expect, test } from 'vitest';
import { createApiKey } from '../../src/access/api-keys.ts';
import { anonymous } from '../../src/access/principal.ts';
import { Tickets } from '../../src/access/tickets.ts';
import type { BridgeOptions } from '../../src/index.ts';
import { BridgeProblem } from '../../src/problems/problem.ts';
import { openStream } from '../event-stream.ts';
import { openPage, refusedWith } from '../sockets/page.ts';
import { withBroker } from '../with-broker.ts';

const key = createApiKey('k');
const access: BridgeOptions['access'] = {
  keys: [{ id: 'k', role: 'r', secrets: [{ sha256: key.sha256 }] }],
  roles: { r: { rules: [{ actions: ['subscribe'], filters: ['a'] }] } },
};
const headers = { authorization: `Bearer ${key.key}` };

describe('a ticket', () => {
  test('opens one stream of events, or one socket, for who has asked for it', async () => {
    const { bridge } = await withBroker({ access });
    const ticket = async (): Promise<string> => {
      const answer = await bridge.call('POST', '/v1/tickets', { headers });
      expect([answer.status, answer.headers.get('cache-control')]).toEqual([201, 'no-store']);
      return String(answer.body['ticket']);
    };
    const url = `${bridge.url}/v1/events?filter=a&snapshot=none&ticket=${await ticket()}`;
    expect(await (await openStream(url)).json('ready')).toMatchObject({ mode: 'live' });
    expect((await fetch(url)).status).toBe(401);
    const socket = `${bridge.url}/v1/ws?ticket=${await ticket()}`;
    const page = await openPage(socket);
    expect(await page.ask({ type: 'sub', id: 1, filters: ['b'] })).toMatchObject({ problem: { code: 'acl-denied' } });
    expect(await refusedWith(socket)).toMatchObject({ status: 401 });
  });

  test('is good for nothing else, and needs credentials to be had', async () => {
    const { bridge } = await withBroker({ access });
    expect((await bridge.call('POST', '/v1/tickets')).status).toBe(401);
    const { ticket } = (await bridge.call('POST', '/v1/tickets', { headers })).body;
    expect((await bridge.call('GET', `/v1/whoami?ticket=${String(ticket)}`)).status).toBe(401);
    expect((await bridge.call('POST', `/v1/tickets?ticket=${String(ticket)}`)).status).toBe(401);
  });

  test('is no longer good when the keys were read anew', async () => {
    const { bridge } = await withBroker({ access });
    const { ticket } = (await bridge.call('POST', '/v1/tickets', { headers })).body;
    bridge.reload({ access });
    expect((await fetch(`${bridge.url}/v1/events?filter=a&ticket=${String(ticket)}`)).status).toBe(401);
  });

  test('is good for thirty seconds, or as long as the credentials', () => {
    const tickets = new Tickets();
    const [first, second] = [tickets.issue(anonymous, 0), tickets.issue(anonymous, 0)];
    expect(tickets.redeem(first.ticket, 29_999)).toBe(anonymous);
    expect(() => tickets.redeem(second.ticket, 30_000)).toThrow(BridgeProblem);
    expect(tickets.issue({ ...anonymous, expiresAt: 1000 }, 0).expiresAt).toBe(1000);
  });

  test('is one of a hundred that one caller may have, and of ten thousand in all', () => {
    const tickets = new Tickets();
    for (let number = 0; number < 100; number += 1) tickets.issue(anonymous, 0);
    expect(() => tickets.issue(anonymous, 0)).toThrow(/too many tickets/);
    for (let number = 0; number < 9900; number += 1) tickets.issue({ ...anonymous, id: String(number) }, 0);
    expect(() => tickets.issue({ ...anonymous, id: 'other' }, 0)).toThrow(/too many tickets/);
    expect(tickets.issue({ ...anonymous, id: 'other' }, 30_000).ticket).toHaveLength(43);
  });
});
