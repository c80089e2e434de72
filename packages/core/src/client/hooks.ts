/** Looking on: every packet in and out, with its secrets masked. */
import type { Packet } from '@omqtt/codec';

export type PacketHook = (event: PacketEvent) => void;

export interface PacketEvent {
  readonly direction: 'in' | 'out';
  /** Passwords and authentication data are replaced by empty bytes. */
  readonly packet: Packet;
  readonly at: number;
  /** Counts the connections of the client. */
  readonly connection: number;
}

/** The packet without what must not be seen. */
export function maskSecrets(packet: Packet): Packet {
  if (packet.type === 'connect') {
    const { password, properties, ...rest } = packet;
    return {
      ...rest,
      ...(password && { password: MASKED }),
      ...(properties && { properties: maskAuthentication(properties) }),
    };
  }
  if (packet.type === 'auth') return { ...packet, properties: maskAuthentication(packet.properties) };
  if (packet.type !== 'connack' || packet.properties === undefined) return packet;
  return { ...packet, properties: maskAuthentication(packet.properties) };
}

function maskAuthentication<Properties extends { readonly authenticationData?: Uint8Array }>(
  properties: Properties,
): Properties {
  return properties.authenticationData === undefined ? properties : { ...properties, authenticationData: MASKED };
}

const MASKED = new Uint8Array(0);
