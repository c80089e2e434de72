/** Everything that was asked of the client: each operation ends once, as its kind allows. */
import { MqttError } from '@omqtt/codec';
import type { Settlement } from '@omqtt/core/session';
import type { Coverage } from './coverage.ts';
import { hold } from './violation.ts';

export type OperationKind = 'connect' | 'publish' | 'subscribe' | 'unsubscribe' | 'ping';

export interface Operation {
  readonly number: number;
  readonly kind: OperationKind;
  /** What a success or an error has to be held against. */
  readonly judge: ((settlement: Settlement) => void) | undefined;
  /** `vanished`: its process is gone. */
  state: 'open' | 'settled' | 'vanished';
}

/** The user gave up. */
export class CancelledError extends MqttError {
  override readonly code = 'cancelled';
}

/** The client was closed. */
export class ClosedError extends MqttError {
  override readonly code = 'closed';
}

export class Operations {
  readonly #all: Operation[] = [];
  readonly #coverage: Coverage;
  #isClosed = false;

  constructor(coverage: Coverage) {
    this.#coverage = coverage;
  }

  open(kind: OperationKind, judge?: (settlement: Settlement) => void): number {
    const number = this.#all.length + 1;
    this.#all.push({ number, kind, judge, state: 'open' });
    return number;
  }

  settle(settlement: Settlement): void {
    const { operation, error } = settlement;
    const subject = this.#find(operation);
    hold(!this.#isClosed, 'settle-after-close', () => describe(subject));
    hold(subject.state === 'open', 'settle-once', () => describe(subject));
    subject.state = 'settled';
    const allowed = allowedErrors[subject.kind];
    hold(error === undefined || allowed.has(error.code), 'error-of-kind', () => `${describe(subject)}: ${error?.code}`);
    this.#coverage.count(`${subject.kind}: ${error?.code ?? 'success'}`);
    subject.judge?.(settlement);
  }

  /** The last operation but so many that could be given up. */
  cancellable(back: number): Operation | undefined {
    return this.#all.filter(({ state, kind }) => state === 'open' && kind !== 'connect').at(-1 - back);
  }

  /** The process is gone, and with it everybody who waited. */
  vanish(): void {
    for (const operation of this.#all) {
      if (operation.state === 'open') operation.state = 'vanished';
    }
  }

  /** The first that has not ended. */
  get unsettled(): Operation | undefined {
    return this.#all.find(({ state }) => state === 'open');
  }

  /** From here on nothing may be settled, and nothing may be open. */
  close(): void {
    const { unsettled } = this;
    hold(unsettled === undefined, 'settle-all', () => `${unsettled && describe(unsettled)} is open after close`);
    this.#isClosed = true;
  }

  #find(number: number): Operation {
    const found = this.#all[number - 1];
    hold(found !== undefined, 'settle-once', () => `there is no operation ${number}`);
    return found;
  }
}

export function describe({ number, kind, state }: Operation): string {
  return `operation ${number} (${kind}, ${state})`;
}

const allowedErrors: Readonly<Record<OperationKind, ReadonlySet<string>>> = {
  connect: new Set([
    'closed',
    'connection-lost',
    'connect-refused',
    'keep-alive-timeout',
    'server-disconnect',
    'unknown-session',
  ]),
  publish: new Set([
    'cancelled',
    'closed',
    'message-dropped',
    'message-expired',
    'message-kept',
    'publish-refused',
    'queue-full',
    'server-limit',
    'session-lost',
  ]),
  subscribe: new Set(['cancelled', 'closed', 'server-limit', 'subscribe-refused']),
  unsubscribe: new Set(['cancelled', 'closed', 'server-limit']),
  ping: new Set([
    'cancelled',
    'closed',
    'connection-lost',
    'keep-alive-timeout',
    'server-disconnect',
    'unknown-session',
  ]),
};
