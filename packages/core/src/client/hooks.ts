/** Looking on: every packet in and out, with its secrets masked. */
import type { Packet } from '@omqtt/codec';

export type PacketHook = (event: PacketEvent) => void;

export interface PacketEvent {
  readonly direction: 'in' | 'out';
  /** Passwords and authentication data are replaced by empty bytes. */
  readonly packet: Packet;
  readonly at: number;
  /** Counts the network connections of the client, also those that came to nothing. */
  readonly connection: number;
}

/** Shows packets to the hook. It only looks on: what goes wrong there must not touch the connection. */
export function packetWatch(
  onPacket: PacketHook,
  report: (what: string, error: unknown) => void,
): (event: PacketEvent) => void {
  return (event) => {
    try {
      onPacket({ ...event, packet: maskSecrets(event.packet) });
    } catch (error) {
      report('the packet hook failed', error);
    }
  };
}

/** The packet without what must not be seen. */
function maskSecrets(packet: Packet): Packet {
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
