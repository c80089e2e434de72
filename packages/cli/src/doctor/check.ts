/** A check of the doctor, and what came of it. */
import type { ConnackPacket, ConnectPacket } from '@omqtt/codec';
import type { RawBroker } from '../raw/open-raw.ts';
import type { RawLine, TracedBytes } from '../raw/raw-line.ts';

export type CheckStatus = 'ok' | 'warn' | 'fail' | 'skip';

export interface Verdict {
  readonly status: CheckStatus;
  readonly detail: string;
}

export interface Check {
  readonly layer: 'network' | 'tls' | 'connect' | 'limits' | 'features' | 'statements';
  readonly name: string;
  /** The statements of MQTT 5.0 that it looks at. */
  readonly statements: readonly string[];
  readonly run: (context: CheckContext) => Promise<Verdict>;
}

export interface CheckContext {
  readonly broker: RawBroker;
  readonly patienceMs: number;
  /** Unlike any topic that somebody uses. */
  readonly topic: string;
  /** A line that is traced, and gone when the check is over. */
  readonly dial: () => Promise<RawLine>;
  /** The same with CONNECT, which has to succeed. */
  readonly connect: (changes?: Partial<ConnectPacket>) => Promise<readonly [RawLine, ConnackPacket]>;
}

export interface CheckResult extends Verdict, Pick<Check, 'layer' | 'name' | 'statements'> {
  readonly tookMs: number;
  /** What went over the lines, of a check that failed. */
  readonly traces: readonly (readonly TracedBytes[])[];
}

export const passed = (detail: string): Verdict => ({ status: 'ok', detail });
export const failed = (detail: string): Verdict => ({ status: 'fail', detail });
export const skipped = (detail: string): Verdict => ({ status: 'skip', detail });
export const warned = (detail: string): Verdict => ({ status: 'warn', detail });
