/**
 * Stands between the clients and the broker. The broker saves after it has answered; before it is killed its answers are
 * held back, so that nobody has seen what it will not remember.
 */
import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { PacketStream } from '@omqtt/codec';
import { resetSocket } from '@omqtt/peers';
import { type ConnectionWatch, ReleaseWatch } from './release-watch.ts';

interface Line {
  readonly client: Socket;
  readonly broker: Socket;
}

export class Relay {
  readonly #server: Server;
  readonly #lines = new Set<Line>();
  /** Over what comes through. */
  readonly watch: ReleaseWatch = new ReleaseWatch();
  #isMuted = false;
  readonly #shutOut = new Set<string>();

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

  get isMuted(): boolean {
    return this.#isMuted;
  }

  /** From now on nothing of the broker reaches the clients, and nobody reaches it anew, until `cut`. */
  mute(): void {
    this.#isMuted = true;
    for (const { client, broker } of this.#lines) broker.unpipe(client).resume();
  }

  /** No CONNECT of the client comes through any more, until `letIn`. */
  shutOut(clientId: string): void {
    this.#shutOut.add(clientId);
  }

  letIn(clientId: string): void {
    this.#shutOut.delete(clientId);
  }

  /** Cuts all connections, as a pulled cable would: neither side hears a goodbye. */
  cut(): void {
    for (const { client, broker } of this.#lines) {
      resetSocket(client);
      resetSocket(broker);
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
    const upward = new PacketStream({ version: '5.0', role: 'server' });
    client.once('data', (chunk: Buffer) => {
      const [first, ...others] = upward.push(chunk);
      // CONNECT is small, and alone.
      if (first?.type !== 'connect' || others.length > 0 || this.#isMuted || this.#shutOut.has(first.clientId)) {
        end();
        return;
      }
      this.#look(line, upward, this.watch.begin(first.clientId));
      broker.write(chunk);
      client.pipe(broker);
      broker.pipe(client);
    });
  }

  #look({ client, broker }: Line, upward: PacketStream, watch: ConnectionWatch): void {
    const downward = new PacketStream({ version: '5.0', role: 'client' });
    client.on('data', (chunk: Buffer) => {
      for (const packet of upward.push(chunk)) watch.up(packet);
    });
    broker.on('data', (chunk: Buffer) => {
      if (this.#isMuted) return;
      for (const packet of downward.push(chunk)) watch.down(packet);
    });
    client.on('close', () => watch.end());
  }
}
