/** CONNECT on a raw line and the answer to it, with the steps of an enhanced authentication in between (§4.12). */
import type { ConnackPacket, ConnectPacket, PacketType } from '@omqtt/codec';
import type { AuthMechanism } from 'omqtt';
import type { RawLine } from './raw-line.ts';

export interface Greeting {
  readonly packet: ConnectPacket;
  readonly mechanism: AuthMechanism | undefined;
  /** For all of it. */
  readonly timeoutMs: number;
}

/** Nothing when the broker does not answer; throws when it does not prove what the mechanism asks of it. */
export async function greet(line: RawLine, greeting: Greeting): Promise<ConnackPacket | undefined> {
  const { packet, mechanism, timeoutMs } = greeting;
  if (mechanism === undefined) {
    line.send(packet);
    return line.next(timeoutMs, 'connack');
  }
  const deadline = performance.now() + timeoutMs;
  const { method: authenticationMethod } = mechanism;
  const signal = AbortSignal.timeout(timeoutMs);
  const first = await mechanism.start({ attempt: 1, isReauthentication: false, signal });
  line.send({ ...packet, properties: { ...packet.properties, ...dataOf(first), authenticationMethod } });
  for (;;) {
    const answer = await line.next(deadline - performance.now(), ...steps);
    if (answer?.type !== 'auth') {
      if (answer?.reasonCode === 0) await mechanism.success(answer.properties?.authenticationData);
      return answer;
    }
    const data = await mechanism.challenge(answer.properties.authenticationData);
    line.send({ type: 'auth', reasonCode: 0x18, properties: { ...dataOf(data), authenticationMethod } });
  }
}

const steps = ['auth', 'connack'] as const satisfies readonly PacketType[];

function dataOf(authenticationData: Uint8Array | undefined): { readonly authenticationData?: Uint8Array } {
  return authenticationData === undefined ? {} : { authenticationData };
}
