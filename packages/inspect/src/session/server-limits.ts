/** What one side said about itself, and the other has to respect. */
import type { InspectedPacket, InspectedPacketOf } from '../decode/inspected-packet.ts';
import { report, type Turn } from './turn.ts';

/** The Maximum Packet Size of the receiver. */
export function checkSize(turn: Turn, packet: InspectedPacket): void {
  const { connection, record } = turn;
  const isClient = record.direction === 'c2s';
  const maximum = (isClient ? connection.connack : connection.connect)?.properties?.maximumPacketBytes;
  if (maximum === undefined || maximum === 0 || record.size <= maximum) return;
  const detail = `${record.size} of ${maximum} bytes`;
  report(turn, isClient ? 'too-large-for-server' : 'too-large-for-client', { detail });
  const ids = sizeIds[packet.type];
  const properties = 'properties' in packet ? packet.properties : undefined;
  if (ids === undefined || properties === undefined) return;
  if ('reasonString' in properties) {
    report(turn, 'reason-string-too-large', { path: 'properties.reasonString', ids: ids[0], detail });
  }
  if (properties.userProperties !== undefined) {
    report(turn, 'user-property-too-large', { path: 'properties.userProperties', ids: ids[1], detail });
  }
}

/** That Reason String and User Properties give way. */
const sizeIds: Readonly<Partial<Record<InspectedPacket['type'], readonly [string, string]>>> = {
  connack: ['3.2.2-19', '3.2.2-20'],
  puback: ['3.4.2-2', '3.4.2-3'],
  pubrec: ['3.5.2-2', '3.5.2-3'],
  pubrel: ['3.6.2-2', '3.6.2-3'],
  pubcomp: ['3.7.2-2', '3.7.2-3'],
  suback: ['3.9.2-1', '3.9.2-2'],
  unsuback: ['3.11.2-1', '3.11.2-2'],
  disconnect: ['3.14.2-3', '3.14.2-4'],
  auth: ['3.15.2-2', '3.15.2-3'],
};

export function checkMessageLimits(turn: Turn, { qos = 0, retain }: InspectedPacketOf<'publish'>): void {
  const properties = turn.connection.connack?.properties;
  if (properties === undefined || turn.record.direction !== 'c2s') return;
  const maximum = properties.maximumQoS ?? 2;
  if (qos > maximum && qos < 3) report(turn, 'qos-over-maximum', { path: 'qos', detail: `${qos} of ${maximum}` });
  if (retain && properties.retainAvailable === false) report(turn, 'retain-not-available', { path: 'retain' });
}

/** Request Problem Information 0 keeps texts off all packets but three [MQTT-3.1.2-29]. */
export function checkProblemInformation(turn: Turn, packet: InspectedPacket): void {
  const { connection, record } = turn;
  if (record.direction !== 's2c' || connection.connect?.properties?.requestProblemInformation !== false) return;
  if (/^(publish|connack|disconnect)$/.test(packet.type) || !('properties' in packet)) return;
  const { properties } = packet;
  if (properties === undefined) return;
  const path = ['reasonString', 'userProperties'].find((name) => name in properties);
  if (path !== undefined) report(turn, 'unwanted-problem-information', { path: `properties.${path}` });
}
