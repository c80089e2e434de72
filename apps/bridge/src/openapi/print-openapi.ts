/** The document without a bridge: no broker is connected to, and nothing listens. */
import { BrokerDirectory } from '../brokers/broker-directory.ts';
import { resolveConfig } from '../config/resolve-config.ts';
import { makeContext } from '../http/bridge-context.ts';
import { makeHttpServer } from '../http/http-server.ts';
import { silence } from '../ops/silence.ts';

export async function printedOpenApi(): Promise<string> {
  const config = resolveConfig({ brokers: { default: { url: 'mqtt://localhost' } } });
  const brokers = new BrokerDirectory(config, { logger: silence });
  const context = makeContext({ config, brokers, logger: silence });
  const server = await makeHttpServer(context);
  const { body } = await server.inject('/openapi.json');
  await server.close();
  await brokers.close(0);
  context.metrics.close();
  return JSON.stringify(JSON.parse(body), null, 2);
}
