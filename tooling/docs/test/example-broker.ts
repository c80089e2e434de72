/** The broker that examples meet: open to who has no name, and strict with the others. */
import { startBroker, type Broker } from '@omqtt/broker';

export function startExampleBroker(): Promise<Broker> {
  return startBroker({
    listeners: [{ type: 'tcp' }, { type: 'ws' }],
    authenticate: ({ username, password }) => username === undefined || textOf(password) === 'correct',
    mechanisms: {
      TOKEN: () => ({
        next: (data) => (textOf(data).startsWith('token-') ? { type: 'success' } : { type: 'failure' }),
      }),
    },
  });
}

function textOf(bytes: Uint8Array | undefined): string {
  return new TextDecoder().decode(bytes);
}
