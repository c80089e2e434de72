/** What a publisher gets back when its message is done with. */
import { isFailure, type Packet, type QoS, type UserProperty } from '@omqtt/codec';
import type { ReadAnswer } from './operations.ts';

/** What the server answered: PUBACK for QoS 1, PUBREC and PUBCOMP for QoS 2, nothing for QoS 0. */
export interface PublishReceipt {
  readonly qos: QoS;
  readonly reasonCode: number;
  /** False when the server said that nobody is subscribed (0x10); it need not say so. */
  readonly hadSubscribers: boolean;
  readonly reasonString?: string;
  readonly userProperties: readonly UserProperty[];
}

/** How to read the answer to a message, by its QoS. */
export const receiptReaders: readonly ReadAnswer<PublishReceipt>[] = ([0, 1, 2] as const).map((qos) => {
  // What nearly every message gets. It is shared, so nobody may write to it.
  const success = Object.freeze({ qos, reasonCode: 0, hadSubscribers: true, userProperties: Object.freeze([]) });
  return (packet) => receiptOf(success, packet);
});

/** For a message that leaves with the present turn, and has no answer. */
export const DONE: Promise<PublishReceipt> = Promise.resolve(
  (receiptReaders[0] as ReadAnswer<PublishReceipt>)(undefined),
);

function receiptOf(success: PublishReceipt, packet: Packet | undefined): PublishReceipt {
  if (packet?.type !== 'puback' && packet?.type !== 'pubrec' && packet?.type !== 'pubcomp') return success;
  const { reasonCode, properties } = packet;
  if (reasonCode === 0 && properties === undefined) return success;
  return {
    qos: success.qos,
    // 0x92 in PUBCOMP: the message arrived with an earlier PUBREL.
    reasonCode: isFailure(reasonCode) ? 0 : reasonCode,
    hadSubscribers: reasonCode !== 0x10,
    ...(properties?.reasonString !== undefined && { reasonString: properties.reasonString }),
    userProperties: properties?.userProperties ?? [],
  };
}
