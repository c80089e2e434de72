/** `-d`: each packet on standard error, as the inspector shows it. Passwords are masked before they get here. */
import { encode } from '@omqtt/codec';
import type { PacketHook } from 'omqtt';
import type { Io } from '../io.ts';

export async function watchPackets(io: Io, level: number): Promise<PacketHook> {
  const { formatTree, formatRecord, Inspection } = await import('@omqtt/inspect');
  const inspection = new Inspection();
  const versions = new Map<number, '5.0' | '3.1.1'>();
  return ({ direction, packet, at, connection }) => {
    if (packet.type === 'connect') versions.set(connection, packet.version);
    const version = versions.get(connection) ?? '5.0';
    const bytes = encode(packet, version);
    const record = inspection.packet(`#${connection}`, direction === 'out' ? 'c2s' : 's2c', { bytes, at });
    io.err.line(level > 1 ? formatTree(record) : formatRecord(record));
  };
}
