import type { Packet } from '@omqtt/codec';
import { describe, expect, test } from 'vitest';
import { type ConnectionWatch, ReleaseWatch } from '../src/release-watch.ts';

function published(packetId: number, text: string, dup = false): Packet {
  return { type: 'publish', topic: 'in', payload: Buffer.from(text), qos: 2, retain: false, dup, packetId };
}

function released(packetId: number): Packet {
  return { type: 'pubrel', packetId, reasonCode: 0 };
}

function completed(packetId: number): Packet {
  return { type: 'pubcomp', packetId, reasonCode: 0 };
}

/** A message that came as far as PUBREL. */
function upToRelease(watch: ReleaseWatch): ConnectionWatch {
  const first = watch.begin('me');
  first.down(published(1, 'a'));
  first.down(released(1));
  return first;
}

describe('the watch over PUBREL', () => {
  test('[5.0 MQTT-4.3.3-6] sees a PUBLISH after the PUBREL of the same exchange, with DUP and without, on this connection or the next', () => {
    for (const dup of [true, false]) {
      for (const isNext of [true, false]) {
        const watch = new ReleaseWatch();
        const first = upToRelease(watch);
        (isNext ? watch.begin('me') : first).down(published(1, 'a', dup));
        expect([...watch.resent]).toEqual(['a']);
      }
    }
  });

  test('sees it after a PUBCOMP too, which the broker may not have got', () => {
    const watch = new ReleaseWatch();
    upToRelease(watch).up(completed(1));
    watch.begin('me').down(published(1, 'a', true));
    expect([...watch.resent]).toEqual(['a']);
  });

  test('does not take another message under the same id for the same exchange, nor another client', () => {
    const watch = new ReleaseWatch();
    upToRelease(watch).up(completed(1));
    const next = watch.begin('me');
    // The first time that it was sent, it never came through.
    next.down(published(1, 'b', true));
    next.down(published(2, 'a'));
    const other = watch.begin('other');
    other.down(published(1, 'a', true));
    expect([...watch.resent]).toEqual([]);
  });

  test('has nothing against a PUBLISH before PUBREL, nor against a PUBREL that is sent again', () => {
    const watch = new ReleaseWatch();
    const first = watch.begin('me');
    first.down(published(1, 'a'));
    const second = watch.begin('me');
    second.down(published(1, 'a', true));
    second.down(released(1));
    watch.begin('me').down(released(1));
    expect([...watch.resent]).toEqual([]);
  });

  test('knows what a connection has to finish: what an earlier one has released, until its PUBCOMP', () => {
    const watch = new ReleaseWatch();
    upToRelease(watch);
    expect(watch.isFinishing('me')).toBe(false);
    const second = watch.begin('me');
    expect(watch.isFinishing('me')).toBe(true);
    expect(watch.isFinishing('other')).toBe(false);
    second.down(released(1));
    second.up(completed(1));
    expect(watch.isFinishing('me')).toBe(false);
    // Its PUBCOMP was lost.
    const third = watch.begin('me');
    expect(watch.isFinishing('me')).toBe(false);
    third.down(released(1));
    expect(watch.isFinishing('me')).toBe(true);
    third.end();
    expect(watch.isFinishing('me')).toBe(false);
  });

  test('knows it of a PUBREL whose first sending did not come through, and of one that is still to come', () => {
    const watch = new ReleaseWatch();
    const first = watch.begin('me');
    first.down(published(1, 'a'));
    watch.begin('me').down(released(1));
    expect(watch.isFinishing('me')).toBe(true);
    const other = watch.begin('other');
    other.down(published(1, 'b'));
    other.up({ type: 'pubrec', packetId: 1, reasonCode: 0 });
    const next = watch.begin('other');
    expect(watch.isFinishing('other')).toBe(true);
    // The broker had not got the PUBREC.
    next.down(published(1, 'b', true));
    expect(watch.isFinishing('other')).toBe(false);
    expect([...watch.resent]).toEqual([]);
  });

  test('knows what the broker would have to remember over a restart: what it has released, until PUBCOMP', () => {
    const watch = new ReleaseWatch();
    expect(watch.isConnected('me')).toBe(false);
    const first = watch.begin('me');
    first.down(published(1, 'a'));
    expect(watch.owesCompletion('me')).toBe(false);
    first.down(released(1));
    expect(watch.owesCompletion('me')).toBe(true);
    first.end();
    expect(watch.isConnected('me')).toBe(false);
    expect(watch.owesCompletion('me')).toBe(true);
    const second = watch.begin('me');
    expect(watch.isConnected('me')).toBe(true);
    second.up(completed(1));
    expect(watch.owesCompletion('me')).toBe(false);
  });

  test('is not told of the end of a connection that another has replaced', () => {
    const watch = new ReleaseWatch();
    const first = upToRelease(watch);
    watch.begin('me');
    first.end();
    expect(watch.isFinishing('me')).toBe(true);
  });
});
