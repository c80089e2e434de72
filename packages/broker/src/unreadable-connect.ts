/** The answer to a CONNECT that cannot be read. */
import { encode, mayCarry, type MalformedPacketError, type ProtocolVersion } from '@omqtt/codec';

/** The bytes of a CONNACK, where there is one for it. */
export function refusalOfConnect(
  error: MalformedPacketError,
  version: ProtocolVersion | 'auto',
): Uint8Array | undefined {
  const { problem, statement, reasonCode } = error;
  const isOtherVersion = problem === 'unsupported-protocol' && statement !== 'MQTT-3.1.2-1';
  // A server of 3.1.1 says it in a form that clients of both versions understand [MQTT-3.1.2-2].
  if (isOtherVersion) return encode({ type: 'connack', sessionPresent: false, reasonCode: 0x84 }, '3.1.1');
  if (version !== '5.0' || !mayCarry('connack', reasonCode, 'server')) return undefined;
  return encode({ type: 'connack', sessionPresent: false, reasonCode }, '5.0');
}
