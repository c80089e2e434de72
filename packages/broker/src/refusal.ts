/** A reason code, and what is said with it. */
import type { UserProperty } from '@omqtt/codec';

/** Told to clients of 5.0 that want to know, as far as there is room in the packet. */
export interface Note {
  readonly reasonString?: string;
  readonly userProperties?: readonly UserProperty[];
}

export interface Refused extends Note {
  readonly reasonCode: number;
}

export interface Refusal extends Refused {
  /** With 0x9C and 0x9D: where to go instead. */
  readonly serverReference?: string;
}

/** The answer to an acknowledgement for a packet id that is not in use. */
export const notKnown = { reasonCode: 0x92, properties: { reasonString: 'The packet id is not in use' } } as const;

/** To be spread into a packet: its properties, or nothing. */
export function withNote({ reasonString, userProperties, serverReference }: Partial<Refusal>): WithNote {
  if (reasonString === undefined && userProperties === undefined && serverReference === undefined) return {};
  const properties = {
    ...(reasonString !== undefined && { reasonString }),
    ...(userProperties !== undefined && { userProperties }),
    ...(serverReference !== undefined && { serverReference }),
  };
  return { properties };
}

interface WithNote {
  readonly properties?: Note & { readonly serverReference?: string };
}
