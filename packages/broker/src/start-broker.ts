/** Starts a broker. */
import { Broker } from './broker.ts';
import { resolveOptions, type BrokerOptions } from './broker-options.ts';

/** Resolves when clients can connect; rejects with a `BrokerOptionError` or a `ListenError`, and leaves nothing open. */
export async function startBroker(options: BrokerOptions = {}): Promise<Broker> {
  const broker = new Broker(resolveOptions(options));
  await broker.comeBack();
  return broker;
}
