import { describe, expect, test } from 'vitest';
import { publish, scene } from './scene.ts';

/** Nobody answers any more, so each answer takes as long as this. */
const brief = { publish: { ackTimeoutMs: 400 } };

describe('an exchange that the broker cuts short', () => {
  // No other code may stand in PUBCOMP; whoever sends one is told so, and the connection begins anew.
  test.each([0x80, 0x87, 0x97])(
    'PUBCOMP 0x%x is no answer, and what became of the message is unknown',
    async (code) => {
      const { broker, bridge } = await scene({}, brief);
      const answering = publish(bridge, '?qos=2');
      const { packetId = 0 } = await broker.expect('publish');
      broker.send({ type: 'pubrec', packetId, reasonCode: 0 });
      await broker.expect('pubrel', { packetId });
      broker.sendBytes(new Uint8Array([0x70, 0x03, packetId >> 8, packetId & 0xff, code]));
      expect(await answering).toMatchObject({
        status: 504,
        body: { code: 'ack-timeout', outcome: 'unknown', retryable: false },
      });
    },
  );

  test.each([
    { what: 'PUBLISH at QoS 1', query: '', isReleased: false },
    { what: 'PUBLISH at QoS 2', query: '?qos=2', isReleased: false },
    { what: 'PUBREL', query: '?qos=2', isReleased: true },
  ])('DISCONNECT after $what leaves it unknown, whatever its reason', async ({ query, isReleased }) => {
    for (const reasonCode of [0x00, 0x8b, 0x97, 0x8e]) {
      const { broker, bridge } = await scene({}, brief);
      const answering = publish(bridge, query);
      const { packetId = 0 } = await broker.expect('publish');
      if (isReleased) {
        broker.send({ type: 'pubrec', packetId, reasonCode: 0 });
        await broker.expect('pubrel', { packetId });
      }
      broker.send({ type: 'disconnect', reasonCode });
      broker.cut();
      expect([reasonCode, await answering]).toMatchObject([
        reasonCode,
        { status: 504, body: { code: 'ack-timeout', outcome: 'unknown', retryable: false } },
      ]);
    }
  });
});
