/** One connection to a broker that always comes back, and why it is not there. */
import { randomUUID } from 'node:crypto';
import { Client, type ClientOptions, createClient, type Dial, type Logger, type MqttError, type Status } from 'omqtt';
import type { BrokerCounts } from './broker-counts.ts';
import type { BrokerConfig } from '../config/bridge-config.ts';
import { BridgeProblem } from '../problems/problem.ts';

export interface LinkParts {
  readonly name: string;
  readonly config: BrokerConfig;
  readonly dial: Dial | undefined;
  readonly logger: Logger;
  readonly counts: BrokerCounts;
}

/** Options that this use of a connection needs. */
export type LinkOptions = Pick<
  ClientOptions,
  'clientId' | 'cleanStart' | 'session' | 'offline' | 'receiveMaximum' | 'reconnect'
>;

export class BrokerLink {
  readonly client: Client;
  readonly #parts: LinkParts;
  readonly #listeners = new Set<(status: Status) => void>();
  #error: MqttError | undefined;
  #nextAttemptAt = 0;

  constructor(parts: LinkParts, options: LinkOptions = {}) {
    this.#parts = parts;
    this.client = newClient(parts, options);
    this.client.on('status', (status) => this.#note(status));
  }

  /** Begins; it goes on by itself, whatever comes. */
  start(): void {
    this.client.connect().catch((error: unknown) => {
      this.#parts.logger.debug('a connection to a broker was given up', { broker: this.#parts.name, error });
    });
  }

  onStatus(listener: (status: Status) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** For a message that cannot be sent now. */
  outage(): BridgeProblem {
    const { name } = this.#parts;
    const error = this.#error;
    const reasonCode = error?.reasonCode;
    const why = error === undefined ? 'it was not reached yet' : whyOf(error);
    return new BridgeProblem('broker-unavailable', {
      detail: `there is no connection to the broker ${JSON.stringify(name)}: ${why}`,
      retryAfterMs: Math.max(1000, this.#nextAttemptAt - Date.now()),
      ...(reasonCode !== undefined && { mqtt: { packet: 'CONNACK', reasonCode, broker: name } }),
    });
  }

  close(drainMs = 0): Promise<void> {
    return this.client.close({ drainMs });
  }

  #note(status: Status): void {
    if (status.type === 'connected') this.#error = undefined;
    if (status.type === 'waiting') {
      this.#error = status.error;
      this.#nextAttemptAt = Date.now() + status.delayMs;
    }
    for (const listener of this.#listeners) listener(status);
  }
}

/** Where the broker is, is nobody's business here; the log says it. */
function whyOf({ code, message }: MqttError): string {
  return code === 'dial-failed' ? 'it cannot be reached' : message;
}

function newClient({ config, dial, logger }: LinkParts, given: LinkOptions): Client {
  const { version, username, password } = config;
  const options: ClientOptions = {
    version,
    clientId: `${config.clientIdPrefix}-${randomUUID()}`,
    keepAliveSeconds: config.keepAliveSeconds,
    connectTimeoutMs: config.connectTimeoutMs,
    // A bridge never gives up: whoever repairs the broker need not know of it.
    reconnect: { initial: true, maxMs: config.reconnectMaxMs, shouldRetry: () => true },
    ...(username !== undefined && { credentials: { username, ...(password !== undefined && { password }) } }),
    offline: { qos0: 'drop' },
    logger,
    ...given,
  };
  // The URL decides the transport; a test brings its own.
  if (dial !== undefined) return new Client({ url: config.url, dial }, options);
  return createClient(config.url, options as ClientOptions & { version: '5.0' });
}
