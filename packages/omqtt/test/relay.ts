import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { resetSocket } from '@omqtt/peers';
import { onTestFinished } from 'vitest';

/** Stands between clients and a broker, and does what networks do. */
export interface Relay {
  readonly url: string;
  /** Cuts all connections, as a pulled cable would: neither side hears a goodbye. */
  cut(): void;
  /** From now on nothing of the broker reaches the clients on the present connections. */
  mute(): void;
}

interface Line {
  readonly client: Socket;
  readonly broker: Socket;
}

/** Forwards to the broker on the port of this machine. Ends with the test. */
export async function startRelay(port: number): Promise<Relay> {
  const lines = new Set<Line>();
  const server = createServer((client) => {
    const broker = connect({ host: '127.0.0.1', port, noDelay: true });
    const line = { client, broker };
    lines.add(line);
    const end = (): void => {
      lines.delete(line);
      client.destroy();
      broker.destroy();
    };
    for (const socket of [client, broker]) socket.on('error', end).on('close', end);
    client.pipe(broker);
    broker.pipe(client);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const cut = (): void => {
    for (const { client, broker } of lines) {
      resetSocket(client);
      resetSocket(broker);
    }
  };
  onTestFinished(async () => {
    const closed = once(server.close(), 'close');
    cut();
    await closed;
  });
  return {
    url: `mqtt://127.0.0.1:${(server.address() as AddressInfo).port}`,
    cut,
    mute() {
      for (const { client, broker } of lines) broker.unpipe(client).resume();
    },
  };
}
