/** PINGREQ and PINGRESP (§3.12, §3.13): nothing but their first byte. */
import type { PingreqPacket, PingrespPacket } from './packet.ts';
import type { PacketReader } from './packet-reader.ts';

type Ping = PingreqPacket | PingrespPacket;

export function encodePing(): void {
  // There is no body.
}

export function decodePing<Type extends Ping['type']>(_reader: PacketReader, type: Type): { readonly type: Type } {
  return { type };
}
