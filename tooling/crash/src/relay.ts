/**
 * Stands between the clients and the broker. The broker saves after it has answered; before it is killed its answers are
 * held back, so that nobody has seen what it will not remember.
 */
import { once } from 'node:events';
import { ReleaseWatch } from './release-watch.ts';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

interface Line {
  readonly client: Socket;
  readonly broker: Socket;
}

export class Relay {
  readonly #server: Server;
  readonly #lines = new Set<Line>();
  /** What the broker sent again though it was released. */
  readonly watch: ReleaseWatch = new ReleaseWatch();
  #isMuted = false;

  private constructor(port: number) {
    this.#server = createServer((client) => this.#connect(client, port));
  }

  static async start(port: number): Promise<Relay> {
    const relay = new Relay(port);
    relay.#server.listen(0, '127.0.0.1');
    await once(relay.#server, 'listening');
    return relay;
  }

  get url(): string {
    return `mqtt://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** From now on nothing of the broker reaches the clients, until `cut`. */
  mute(): void {
    this.#isMuted = true;
    for (const { client, broker } of this.#lines) broker.unpipe(client).resume();
  }

  /** Cuts all connections, as a pulled cable would: neither side hears a goodbye. */
  cut(): void {
    for (const { client, broker } of this.#lines) {
      client.resetAndDestroy();
      broker.resetAndDestroy();
    }
    this.#isMuted = false;
  }

  async close(): Promise<void> {
    const closed = once(this.#server.close(), 'close');
    this.cut();
    await closed;
  }

  #connect(client: Socket, port: number): void {
    const broker = connect({ host: '127.0.0.1', port, noDelay: true });
    const line = { client, broker };
    this.#lines.add(line);
    const end = (): void => {
      this.#lines.delete(line);
      client.destroy();
      broker.destroy();
    };
    for (const socket of [client, broker]) socket.on('error', end).on('close', end);
    this.watch.look(client, broker);
    client.pipe(broker);
    if (!this.#isMuted) broker.pipe(client);
    else broker.resume();
  }
}
