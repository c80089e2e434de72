/** A packet as far as its bytes tell: the object of the codec, in which anything may be missing. */
import type { Packet } from '@omqtt/codec';

type Loosened<Each extends Packet> = Each extends Packet
  ? { readonly type: Each['type'] } & { readonly [Key in Exclude<keyof Each, 'type'>]?: Each[Key] | undefined }
  : never;

/** Narrow it by `type`; all other members may be missing. */
export type InspectedPacket = Loosened<Packet>;

export type InspectedPacketOf<Type extends Packet['type']> = Extract<InspectedPacket, { readonly type: Type }>;
