/** Stage and packet id of a message as one number, which shows when a bit of it was flipped. */
import type { OutboundStage } from '@omqtt/contracts';

/*
 *   bits 32–39   stage, in codes that differ in at least four bits
 *   bits 16–31   packet id, 0 when there is none
 *   bits  0–15   packet id again, disguised
 *
 * SQLite takes six bytes for any of them: a row that changes its state keeps its size and is changed in place, so a big
 * payload is not written again.
 */
const codes: Readonly<Record<OutboundStage, number>> = { waiting: 0x0f, sent: 0x33, released: 0x55 };
const stages = new Map(Object.entries(codes).map(([stage, code]) => [code, stage as OutboundStage]));
const DISGUISE = 0x5aa5;
const STAGE_UNIT = 2 ** 32;
const ID_UNIT = 2 ** 16;

export interface FlightState {
  readonly stage: OutboundStage;
  /** 0 when there is none. */
  readonly packetId: number;
}

export function encodeState(stage: OutboundStage, packetId: number): number {
  return codes[stage] * STAGE_UNIT + packetId * ID_UNIT + (packetId ^ DISGUISE);
}

/** What is added to the lower 32 bits to say `released`, whatever the packet id is. */
export const RELEASED_BITS: number = codes.released * STAGE_UNIT;

/** `undefined` when no state was ever written like this. */
export function decodeState(state: number): FlightState | undefined {
  const stage = stages.get(Math.floor(state / STAGE_UNIT));
  const packetId = Math.floor(state / ID_UNIT) % ID_UNIT;
  if (stage === undefined || state % ID_UNIT !== (packetId ^ DISGUISE)) return undefined;
  return { stage, packetId };
}
