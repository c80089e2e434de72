import { unsupported } from './transport-error.ts';

/** Limits of every connection that the transport makes. */
export interface WebSocketLimits {
  /**
   * The largest WebSocket message that is taken from the server, all of its fragments together.
   * Default: 268 435 460, the largest MQTT packet, so that nothing valid is refused.
   */
  readonly maxFrameBytes?: number;
  /** `write` returns false while more than this waits to be sent; at half of it `drained` follows. Default: 262 144. */
  readonly highWaterBytes?: number;
  /**
   * What may arrive during `pause` where the platform cannot make the server wait; more ends the connection.
   * Each message counts 128 bytes more than it has. Default: 16 777 216.
   */
  readonly maxPausedBytes?: number;
  /** How long the end of a connection may wait for the server before the socket is destroyed. Default: 5000. */
  readonly closeTimeoutMs?: number;
}

const defaults: Required<WebSocketLimits> = {
  maxFrameBytes: 268_435_460,
  highWaterBytes: 262_144,
  maxPausedBytes: 16_777_216,
  closeTimeoutMs: 5000,
};

/** Fills in what is missing, and refuses what is unknown or not a size. */
export function resolveLimits(limits: WebSocketLimits): Required<WebSocketLimits> {
  const resolved = { ...defaults };
  for (const [name, value] of Object.entries(limits) as [string, unknown][]) {
    if (!isLimitName(name)) throw unsupported(`There is no option named ${name} here.`);
    if (value !== undefined) resolved[name] = positiveInteger(name, value);
  }
  return resolved;
}

function isLimitName(name: string): name is keyof WebSocketLimits {
  return Object.hasOwn(defaults, name);
}

// The largest timer of the platforms, and the largest size that ws counts with.
const MAXIMUM = 2_147_483_647;

function positiveInteger(name: string, value: unknown): number {
  if (typeof value === 'number' && Number.isInteger(value) && value > 0 && value <= MAXIMUM) return value;
  throw unsupported(`The option ${name} has to be a whole number from 1 to ${MAXIMUM}.`);
}
