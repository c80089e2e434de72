/** What a publisher gets back when its message is done with. */
import { isFailure, type Packet, type QoS, type UserProperty } from '@omqtt/codec';

/** What the server answered: PUBACK for QoS 1, PUBCOMP for QoS 2, nothing for QoS 0. */
export interface PublishReceipt {
  readonly qos: QoS;
  readonly reasonCode: number;
  /** False when the server said that nobody is subscribed (0x10); it need not say so. */
  readonly hadSubscribers: boolean;
  readonly reasonString?: string;
  readonly userProperties: readonly UserProperty[];
}

export const DONE: PublishReceipt = { qos: 0, reasonCode: 0, hadSubscribers: true, userProperties: [] };

export function receiptOf(qos: QoS, packet: Packet | undefined): PublishReceipt {
  if (packet?.type !== 'puback' && packet?.type !== 'pubcomp') return qos === 0 ? DONE : { ...DONE, qos };
  const { reasonCode, properties } = packet;
  return {
    qos,
    // 0x92 in PUBCOMP: the message arrived with an earlier PUBREL.
    reasonCode: isFailure(reasonCode) ? 0 : reasonCode,
    hadSubscribers: reasonCode !== 0x10,
    ...(properties?.reasonString !== undefined && { reasonString: properties.reasonString }),
    userProperties: properties?.userProperties ?? [],
  };
}
