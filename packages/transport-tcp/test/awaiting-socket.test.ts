import { Socket } from 'node:net';
import { describe, expect, test } from 'vitest';
import { waitFor } from '../src/awaiting-socket.ts';
import { SocketError } from '../src/socket-error.ts';
import { never } from './dialling.ts';

function step(signal: AbortSignal): Parameters<typeof waitFor>[2] {
  return {
    phase: 'proxy',
    signal,
    explain: (cause) =>
      new SocketError({ code: 'proxy-failed', phase: 'proxy', retryable: true, message: 'no', cause }),
  };
}

describe('between two steps', () => {
  test('an abort counts in the next one', async () => {
    const socket = new Socket();
    const waiting = waitFor('readable', socket, step(AbortSignal.abort('enough')));
    await expect(waiting).rejects.toMatchObject({ code: 'aborted', phase: 'proxy', cause: 'enough' });
    expect(socket.destroyed).toBe(true);
  });

  test('an error counts in the next one', async () => {
    const socket = new Socket().on('error', () => {});
    const cause = new Error('reset');
    socket.destroy(cause);
    await expect(waitFor('readable', socket, step(never()))).rejects.toMatchObject({ code: 'proxy-failed', cause });
  });
});

test('nothing stays attached, whatever comes', async () => {
  const socket = new Socket();
  const before = socket.eventNames().length;
  const waiting = waitFor('connect', socket, step(never()));
  socket.emit('connect');
  await waiting;
  expect(socket.eventNames()).toHaveLength(before);
  socket.destroy();
});
