/** A bridge from its configuration to its end. */
import { startBroker } from '@omqtt/broker';
import type { FastifyInstance } from 'fastify';
import type { Logger } from 'omqtt';
import { Gate } from './access/gate.ts';
import { BrokerDirectory } from './brokers/broker-directory.ts';
import type { BridgeConfig, BridgeOptions } from './config/bridge-config.ts';
import { checkAccess } from './config/check-access.ts';
import { resolveConfig } from './config/resolve-config.ts';
import { type BridgeContext, makeContext } from './http/bridge-context.ts';
import { makeHttpServer } from './http/http-server.ts';
import { makeOpsServer } from './ops/ops-server.ts';
import { silence } from './ops/silence.ts';

export interface Bridge {
  /** Where callers find it. */
  readonly url: string;
  /** Where its health is; undefined when turned off. */
  readonly adminUrl: string | undefined;
  /** Lets what is on its way end, as far as the time of the drain allows, and ends. */
  close(): Promise<void>;
  /** Takes over keys, tokens and roles; what else has changed waits for the next start. */
  reload(options: BridgeOptions): void;
  [Symbol.asyncDispose](): Promise<void>;
}

/** Resolves when it listens; the brokers are connected to meanwhile, and for ever after. */
export async function startBridge(options: BridgeOptions = {}): Promise<Bridge> {
  const { logger = silence, dial } = options;
  const wanted = checkedConfig(options, logger);
  const embedded = Object.keys(wanted.brokers).length === 0 ? await startBroker() : undefined;
  const config = embedded === undefined ? wanted : withBroker(wanted, embedded.url);
  const brokers = new BrokerDirectory(config, { logger, ...(dial && { dial }) });
  const context = makeContext({ config, brokers, logger, ...(dial && { dial }) });
  const servers: FastifyInstance[] = [];
  const close = once(async () => {
    context.isLeaving = true;
    if (servers.length > 0 && config.ops.unreadyMs > 0) await pause(config.ops.unreadyMs);
    context.isDraining = true;
    context.streams.closeAll();
    for (const hub of context.hubs.all) hub.close();
    // Health is told to the end.
    for (const server of servers) await closeServer(server, config.ops.drainMs);
    await Promise.all([brokers.close(config.ops.drainMs), context.identities.close()]);
    context.metrics.close();
    context.shedder.close();
    await embedded?.close();
  });
  try {
    brokers.start();
    context.outbox.start(brokers.all);
    const http = await makeHttpServer(context);
    servers.push(http);
    const url = await http.listen({ host: config.http.host, port: config.http.port });
    const adminUrl = config.ops.enabled ? await listenForOps(context, servers) : undefined;
    const reload = (next: BridgeOptions): void => {
      context.gate = new Gate(checkedConfig(next, logger).access, context.identities);
      context.tickets.clear();
    };
    return { url, adminUrl, close, reload, [Symbol.asyncDispose]: close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function listenForOps(context: BridgeContext, servers: FastifyInstance[]): Promise<string> {
  const server = makeOpsServer(context);
  servers.push(server);
  const { host, port } = context.config.ops;
  return server.listen({ host, port });
}

function checkedConfig({ logger: _logger, dial: _dial, ...given }: BridgeOptions, logger: Logger): BridgeConfig {
  const config = resolveConfig(given);
  checkAccess(config, logger);
  return config;
}

function withBroker(config: BridgeConfig, url: string): BridgeConfig {
  return resolveConfig({ ...config, brokers: { default: { url } } });
}

/** Lets requests finish that are being worked on, and no longer than that. */
async function closeServer(server: FastifyInstance, drainMs: number): Promise<void> {
  const timer = setTimeout(() => server.server.closeAllConnections(), drainMs);
  await server.close();
  clearTimeout(timer);
}

function pause(lengthMs: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, lengthMs));
}

function once(work: () => Promise<void>): () => Promise<void> {
  let begun: Promise<void> | undefined;
  return () => (begun ??= work());
}
