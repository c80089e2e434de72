import { onTestFinished } from 'vitest';
import { connect, type Client, type ClientOptions, type Status } from '../src/index.ts';

/** For every wait of a test: far more than it should take. */
export const limit = { timeoutMs: 10_000 };

/** Connects, with a version that may be known only at run time, and closes with the test. */
export async function connectFor(
  { url }: { readonly url: string | readonly string[] },
  options: ClientOptions = {},
): Promise<Client> {
  const client = await connect(url, options as ClientOptions & { version: '5.0' });
  onTestFinished(() => client.close());
  return client;
}

/** The next status of the type; the present one does not count. */
export function nextStatus(client: Client, type: Status['type']): Promise<Status> {
  return new Promise((resolve) => {
    const stop = client.on('status', (status) => {
      if (status.type !== type) return;
      stop();
      resolve(status);
    });
  });
}
