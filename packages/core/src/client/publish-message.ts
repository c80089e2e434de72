/** A message as the caller gives it, checked before anything is stored or an id is taken. */
import { type PublishProperties, type QoS, validateTopicName } from '@omqtt/codec';
import { type AliasPolicy, OnlyInV5Error, type PublishCommand } from '../session/index.ts';
import { InvalidOptionError } from './errors.ts';
import { checkNames, checkPacket } from './option-checks.ts';
import { type Payload, toBytes } from './payload.ts';
import type { WaitOptions } from './wait-limit.ts';

export interface PublishOptions extends WaitOptions {
  /** Default: 0. */
  readonly qos?: QoS;
  /** The server keeps it as the last message of the topic. Default: false. */
  readonly retain?: boolean;
  /** Properties of PUBLISH; 5.0 only. */
  readonly properties?: Omit<PublishProperties, 'topicAlias' | 'subscriptionIdentifiers'>;
  /** `try`: a short number instead of the topic, where the server allows it; `always`: fail where it does not. */
  readonly alias?: AliasPolicy;
}

/** A message for the session, before whoever publishes it fills in what is theirs. */
export interface CheckedMessage extends PublishCommand {
  operation: number;
  /** The session has taken the message. */
  accepted: (() => void) | undefined;
}

const NAMES: ReadonlySet<string> = new Set(['qos', 'retain', 'properties', 'alias', 'timeoutMs', 'signal']);
const NOTHING = new Uint8Array(0);

export class MessageCheck {
  readonly #defaults: PublishProperties | undefined;
  readonly #isV5: boolean;
  /** The topic that was found valid last: many publish to one. */
  #topic = '';

  constructor(defaults: PublishProperties | undefined, isV5: boolean) {
    this.#defaults = defaults;
    this.#isV5 = isV5;
  }

  check(topic: string, payload: Payload, options: PublishOptions): CheckedMessage {
    checkNames(options, NAMES);
    const { qos = 0, retain = false, alias = 'never' } = options;
    this.#checkTopic(topic);
    if (qos !== 0 && qos !== 1 && qos !== 2) throw new InvalidOptionError('qos', 'is 0, 1 or 2');
    if (typeof retain !== 'boolean') throw new InvalidOptionError('retain', 'is true or false');
    if (alias !== 'never') this.#checkAlias(alias, qos);
    const properties = this.#properties(options.properties);
    return { operation: 0, topic, payload: toBytes(payload), qos, retain, properties, alias, accepted: undefined };
  }

  #checkAlias(alias: AliasPolicy, qos: QoS): void {
    if (!this.#isV5) throw new OnlyInV5Error('a topic alias');
    if (alias !== 'try' && alias !== 'always') {
      throw new InvalidOptionError('alias', 'is `never`, `try` or `always`');
    }
    if (alias === 'always' && qos > 0) {
      throw new InvalidOptionError('alias', 'cannot be `always` above QoS 0: a repetition needs the full topic');
    }
  }

  #checkTopic(topic: string): void {
    if (topic === this.#topic && topic !== '') return;
    validateTopicName(topic);
    this.#topic = topic;
  }

  #properties(given: PublishProperties | undefined): PublishProperties | undefined {
    if (given === undefined) return this.#defaults;
    if (!this.#isV5) throw new OnlyInV5Error('a property of a message');
    if ('topicAlias' in given) throw new InvalidOptionError('properties.topicAlias', 'is for `alias` to choose');
    const properties = this.#defaults === undefined ? given : { ...this.#defaults, ...given };
    checkProperties(properties);
    return properties;
  }
}

/** Found out now rather than when the batch is written, when it could only be blamed on everyone. */
export function checkProperties(properties: PublishProperties): void {
  checkPacket({ type: 'publish', topic: 't', payload: NOTHING, qos: 0, retain: false, dup: false, properties });
}
