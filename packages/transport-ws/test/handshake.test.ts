import { createServer } from 'node:http';
import type { Connection } from '@omqtt/contracts';
import { describe, expect, onTestFinished, test } from 'vitest';
import { implementations, noAbort } from './implementations.ts';
import { listen, scriptedServer, type ScriptedPeer, type ScriptedServer } from './scripted-server.ts';

describe.each(implementations)('$name', ({ webSocket }) => {
  const dial = webSocket();

  async function dialled(server: ScriptedServer): Promise<{ dialling: Promise<Connection>; peer: ScriptedPeer }> {
    const dialling = dial(server.target, noAbort);
    dialling.catch(() => {}); // whoever calls this looks at it later
    onTestFinished(async () => (await dialling.catch(() => undefined))?.destroy());
    return { dialling, peer: await server.peer() };
  }

  test('[5.0 MQTT-6.0.0-3] [3.1.1 MQTT-6.0.0-3] the sub-protocol mqtt is offered, and no other', async () => {
    const { peer } = await dialled(await scriptedServer());
    expect(await peer.request()).toMatch(/^sec-websocket-protocol: mqtt\r$/im);
    peer.socket.destroy();
  });

  test('[5.0 MQTT-6.0.0-4] [3.1.1 MQTT-6.0.0-4] a server that selects mqtt gets a connection', async () => {
    const server = await scriptedServer();
    const { dialling, peer } = await dialled(server);
    await peer.accept();
    const { info } = await dialling;
    expect(info).toEqual({ peer: `127.0.0.1:${server.target.port}`, isSecure: false, protocol: 'mqtt' });
  });

  test.each([
    { title: 'no sub-protocol', headers: [] },
    { title: 'another sub-protocol', headers: ['Sec-WebSocket-Protocol: chat'] },
    { title: 'the sub-protocol of MQTT 3.1', headers: ['Sec-WebSocket-Protocol: mqttv3.1'] },
  ])(
    '[5.0 MQTT-6.0.0-4] [3.1.1 MQTT-6.0.0-4] a server that selects $title is refused [parity E45]',
    async ({ headers }) => {
      const { dialling, peer } = await dialled(await scriptedServer());
      await peer.accept({ headers });
      await expect(dialling).rejects.toMatchObject({ code: 'websocket-refused', phase: 'websocket' });
      await peer.closed;
    },
  );

  test('a server that answers with a wrong key gets no connection', async () => {
    const { dialling, peer } = await dialled(await scriptedServer());
    await peer.accept({ key: 'AAAAAAAAAAAAAAAAAAAAAAAAAAA=' });
    await expect(dialling).rejects.toMatchObject({ phase: 'websocket' });
    await peer.closed;
  });

  test.each([301, 401, 404, 503])('HTTP status %i is no connection', async (status) => {
    // Every request is answered: some clients try a 401 twice.
    const server = createServer((_request, response) => response.writeHead(status, { Location: '/' }).end('no'));
    onTestFinished(() => void server.close());
    const target = { scheme: 'ws', host: '127.0.0.1', port: await listen(server), path: '/mqtt' };
    await expect(dial(target, noAbort)).rejects.toMatchObject({ code: 'websocket-refused', phase: 'websocket' });
  });

  test('an answer that is not HTTP is no connection', async () => {
    const { dialling, peer } = await dialled(await scriptedServer());
    await peer.request();
    peer.socket.write(Uint8Array.of(0x20, 0x02, 0x00, 0x00)); // CONNACK over plain TCP
    peer.socket.end();
    await expect(dialling).rejects.toMatchObject({ phase: 'websocket' });
    await peer.closed;
  });

  test('a server that hangs up instead of an answer is no connection', async () => {
    const { dialling, peer } = await dialled(await scriptedServer());
    await peer.request();
    peer.socket.destroy();
    await expect(dialling).rejects.toMatchObject({ phase: 'websocket', retryable: true });
  });

  test.each([
    { path: '', sent: '/' },
    { path: '/', sent: '/' },
    { path: '/mqtt', sent: '/mqtt' },
    { path: '?token=a%20b', sent: '/?token=a%20b' },
    { path: '/a/b?x=1&y=%2F', sent: '/a/b?x=1&y=%2F' },
  ])('the path "$path" is asked for as $sent [parity E45]', async ({ path, sent }) => {
    const server = await scriptedServer();
    const { peer } = await dialled({ ...server, target: { ...server.target, path } });
    expect((await peer.request()).split('\r\n')[0]).toBe(`GET ${sent} HTTP/1.1`);
    peer.socket.destroy();
  });

  test('a dial that was given up before it began opens nothing', async () => {
    const gone = AbortSignal.abort(new Error('too late'));
    // Nothing listens there: an attempt would end with another code.
    await expect(dial({ scheme: 'ws', host: '127.0.0.1', port: 1, path: '/' }, gone)).rejects.toMatchObject({
      code: 'aborted',
      cause: { message: 'too late' },
    });
  });

  test('giving up while the server does not answer ends the attempt, and the socket [parity E3]', async () => {
    const server = await scriptedServer();
    const controller = new AbortController();
    const dialling = dial(server.target, controller.signal);
    const peer = await server.peer();
    await peer.request();
    controller.abort(new Error('no patience'));
    await expect(dialling).rejects.toMatchObject({
      code: 'aborted',
      phase: 'websocket',
      cause: { message: 'no patience' },
    });
    await peer.closed;
  });

  test('an abort after the connection is open changes nothing', async () => {
    const server = await scriptedServer();
    const controller = new AbortController();
    const dialling = dial(server.target, controller.signal);
    const peer = await server.peer();
    await peer.accept();
    const connection = await dialling;
    onTestFinished(() => connection.destroy());
    controller.abort();
    connection.write(Uint8Array.of(0xc0, 0x00));
    expect((await peer.frame()).payload).toEqual(Buffer.of(0xc0, 0x00));
  });
});
