/** A message that a caller wants published, whatever form the request had. */
import type { PublishOptions, QoS, UserProperty } from 'omqtt';

export interface PublishCommand {
  readonly topic: string;
  readonly payload: Uint8Array;
  readonly qos: QoS;
  readonly retain: boolean;
  readonly properties: MessageProperties | undefined;
  /** How long to wait for the acknowledgement, where the caller said so. */
  readonly waitMs: number | undefined;
}

export type MessageProperties = NonNullable<PublishOptions['properties']>;

/** Only what is there: a message without properties is published without any, which 3.1.1 can do too. */
export function presentProperties(given: {
  readonly [Name in keyof MessageProperties]-?: MessageProperties[Name] | undefined;
}): MessageProperties | undefined {
  const present = Object.entries(given).filter(([, value]) => value !== undefined);
  return present.length === 0 ? undefined : (Object.fromEntries(present) as MessageProperties);
}

/** More than that are not for a gateway. */
export const MAXIMUM_USER_PROPERTIES = 100;

export type UserProperties = readonly UserProperty[];
