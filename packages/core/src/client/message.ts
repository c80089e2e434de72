/** A message as the application sees it. */
import {
  encode,
  isFailure,
  mayCarry,
  type PublishPacket,
  type PublishProperties,
  type QoS,
  type UserProperty,
} from '@omqtt/codec';
import type { Acknowledgement, Delivery } from '../session/index.ts';
import { InvalidOptionError } from './errors.ts';
import { toText } from './payload.ts';

export type Acknowledge = (delivery: Delivery, answer: Acknowledgement) => boolean;

const SUCCESS: Acknowledgement = {};
/** Shared by all messages that have none. */
const NO_PROPERTIES: PublishProperties = Object.freeze({});

/** For a delivery in the hands of several subscriptions: it is acknowledged when all of them have done with it. */
export function jointly(holders: number, acknowledge: Acknowledge): Acknowledge {
  let answer = SUCCESS;
  let open = holders;
  return (delivery, own) => {
    // A refusal weighs more than any success.
    if (own.reasonCode !== undefined) answer = own;
    open -= 1;
    return open > 0 || acknowledge(delivery, answer);
  };
}

export class Message {
  readonly topic: string;
  /** A view of what was received: copy it (`slice`) if it is small and you keep it long. */
  readonly payload: Uint8Array;
  readonly qos: QoS;
  /** Sent because it was retained at the server, or passed on with the flag as it was published. */
  readonly retain: boolean;
  /** The server may have sent it before. */
  readonly dup: boolean;
  readonly properties: PublishProperties;
  /** None where the server waits for no acknowledgement. */
  readonly #delivery: Delivery | undefined;
  readonly #acknowledge: Acknowledge;
  /** What the acknowledgement came to. */
  #outcome: boolean | undefined;

  constructor(
    { topic, payload, qos, retain, dup, properties }: PublishPacket,
    delivery: Delivery | undefined,
    acknowledge: Acknowledge,
  ) {
    this.topic = topic;
    this.payload = payload;
    this.qos = qos;
    this.retain = retain;
    this.dup = dup;
    this.properties = properties ?? NO_PROPERTIES;
    this.#delivery = delivery;
    this.#acknowledge = acknowledge;
  }

  get isAcknowledged(): boolean {
    return this.#outcome !== undefined;
  }

  get userProperties(): readonly UserProperty[] {
    return this.properties.userProperties ?? [];
  }

  /** The payload as UTF-8. */
  text(): string {
    return toText(this.payload);
  }

  /** The payload as JSON; throws a SyntaxError if it is none. */
  json(): unknown {
    return JSON.parse(this.text());
  }

  /**
   * Says that the work is done. Once is enough, and more does no harm. False: the server does not wait for it any more,
   * because its connection ended; it will send the message again.
   */
  ack(): boolean {
    return this.#release(SUCCESS);
  }

  /** Refuses the message with a reason code from 0x80 on, which in 5.0 the server gets to know. */
  nack(reasonCode = 0x80, reasonString?: string): boolean {
    const answer = { reasonCode, ...(reasonString !== undefined && { properties: { reasonString } }) };
    checkRefusal(answer);
    return this.#release(answer);
  }

  #release(answer: Acknowledgement): boolean {
    this.#outcome ??= this.#delivery === undefined || this.#acknowledge(this.#delivery, answer);
    return this.#outcome;
  }
}

// Found out now rather than when it is sent, perhaps in the place of the acknowledgements of others.
function checkRefusal({ reasonCode = 0, properties }: Acknowledgement): void {
  if (!isFailure(reasonCode) || !mayCarry('puback', reasonCode, 'client')) {
    throw new InvalidOptionError('reasonCode', `is one that PUBACK may carry, from 0x80 on, not ${reasonCode}`);
  }
  if (properties !== undefined) encode({ type: 'puback', packetId: 1, reasonCode, properties }, '5.0');
}
