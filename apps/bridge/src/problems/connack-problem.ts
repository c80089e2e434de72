/** Why a broker does not let somebody in who came with credentials of their own. */
import { BridgeProblem } from './problem.ts';
import type { ProblemCode } from './problem-kinds.ts';

/** Reason codes of CONNACK in 5.0. */
const reasons: Readonly<Record<number, ProblemCode>> = {
  0x84: 'connack-failed',
  0x85: 'connack-client-id',
  0x86: 'connack-credentials',
  0x87: 'connack-not-authorized',
  0x8a: 'connack-not-authorized',
  0x8c: 'connack-credentials',
  0x97: 'connack-quota',
  0x9c: 'connack-failed',
  0x9d: 'connack-failed',
  0x9f: 'connack-quota',
};

/** The return codes of 3.1.1 [MQTT-3.2.2-4]; 3 says that the broker is not there. */
const returnCodes: Readonly<Record<number, ProblemCode>> = {
  1: 'connack-failed',
  2: 'connack-client-id',
  4: 'connack-credentials',
  5: 'connack-not-authorized',
};

const CHALLENGE = 'Basic realm="omqtt-bridge", charset="UTF-8"';

/** Of an outage that may have been a refusal. */
export function connackProblem(outage: BridgeProblem): BridgeProblem {
  const { mqtt, detail } = outage.facts;
  const { reasonCode } = mqtt ?? {};
  const code =
    reasonCode === undefined || reasonCode === null ? undefined : (reasons[reasonCode] ?? returnCodes[reasonCode]);
  if (code === undefined || mqtt === undefined) return outage;
  return new BridgeProblem(code, {
    detail,
    mqtt,
    ...(code === 'connack-credentials' && { headers: { 'www-authenticate': CHALLENGE } }),
    ...((code === 'connack-quota' || code === 'connack-failed') && { retryAfterMs: 5000 }),
  });
}
