/** The brokers, each on loopback and free ports, with its files in a folder of its own. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { connect } from 'omqtt';
import { freePorts, loopbackInterface } from '@omqtt/peers';
import { ServerProcess } from './server-process.ts';

export interface RunningBroker {
  readonly name: string;
  /** One, or one for each node of a cluster. */
  readonly urls: readonly string[];
  readonly webSocketUrl: string | undefined;
  /** SIGKILL for the first node, and a new start with what it had on disk. */
  killFirst(): Promise<void>;
  startFirst(): Promise<void>;
  close(): Promise<void>;
}

interface Parts {
  readonly name: string;
  readonly servers: readonly ServerProcess[];
  readonly urls: readonly string[];
  readonly webSocketUrl?: string;
  readonly folder: string;
}

async function run({ name, servers, urls, webSocketUrl, folder }: Parts): Promise<RunningBroker> {
  const close = async (): Promise<void> => {
    for (const server of servers.toReversed()) await server.kill();
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  };
  try {
    await Promise.all(servers.map((server) => server.start()));
  } catch (error) {
    await close();
    throw error;
  }
  const first = servers.at(0);
  return {
    name,
    urls,
    webSocketUrl,
    close,
    killFirst: async () => first?.kill(),
    startFirst: async () => first?.start(),
  };
}

const newFolder = (): string => mkdtempSync(join(tmpdir(), 'omqtt-interop-'));

export async function startMosquitto(command: string): Promise<RunningBroker> {
  const folder = newFolder();
  const [port = 0, webSocketPort = 0] = await freePorts(2);
  const lines = [
    'allow_anonymous true',
    `listener ${port} 127.0.0.1`,
    `listener ${webSocketPort} ${loopbackInterface()}`,
    'protocol websockets',
    'user root',
  ];
  writeFileSync(join(folder, 'mosquitto.conf'), `${lines.join('\n')}\n`);
  const server = new ServerProcess({ command, args: ['-c', join(folder, 'mosquitto.conf')], port });
  const version = /version (\S+)/.exec(spawnSync(command, ['-h'], { encoding: 'utf8' }).stdout)?.[1] ?? '';
  const webSocketUrl = `ws://127.0.0.1:${webSocketPort}/mqtt`;
  return run({ name: `mosquitto ${version}`, servers: [server], urls: [urlOf(port)], webSocketUrl, folder });
}

export async function startEmbedded(): Promise<RunningBroker> {
  const folder = newFolder();
  const [port = 0, webSocketPort = 0] = await freePorts(2);
  const file = join(import.meta.dirname, 'embedded-process.ts');
  const args = ['--conditions=@omqtt/source', file, String(port), String(webSocketPort)];
  const server = new ServerProcess({ command: process.execPath, args, port });
  const webSocketUrl = `ws://127.0.0.1:${webSocketPort}/mqtt`;
  return run({ name: '@omqtt/broker', servers: [server], urls: [urlOf(port)], webSocketUrl, folder });
}

/** One node, or a cluster whose streams have as many copies as it has nodes. */
export async function startNats(command: string, nodes: 1 | 3): Promise<RunningBroker> {
  const folder = newFolder();
  const ports = await freePorts(nodes * 4);
  const routes = ports.slice(nodes, nodes * 2).map((port) => `nats://127.0.0.1:${port}`);
  const servers = Array.from({ length: nodes }, (_, node) => {
    const [client = 0, route = 0, mqtt = 0] = [0, 1, 2].map((row) => ports[row * nodes + node]);
    const lines = [
      `server_name: node${node}`,
      `listen: 127.0.0.1:${client}`,
      `jetstream { store_dir: "${join(folder, `node${node}`)}", max_mem: 64MB, max_file: 256MB }`,
      `mqtt { listen: 127.0.0.1:${mqtt}, stream_replicas: ${nodes} }`,
      ...(nodes > 1 ? [`cluster { name: interop, listen: 127.0.0.1:${route}, routes: [${routes.join(', ')}] }`] : []),
    ];
    writeFileSync(join(folder, `node${node}.conf`), `${lines.join('\n')}\n`);
    return new ServerProcess({ command, args: ['-c', join(folder, `node${node}.conf`)], port: mqtt });
  });
  const version = /v(\d[\d.]*)/.exec(spawnSync(command, ['--version'], { encoding: 'utf8' }).stdout)?.[1] ?? '';
  const name = nodes === 1 ? `NATS ${version}` : `NATS ${version}, cluster of ${nodes}`;
  const broker = await run({ name, servers, urls: ports.slice(nodes * 2, nodes * 3).map(urlOf), folder });
  // A port that answers does not mean that the nodes have found each other, and have chosen who leads.
  await untilServed(broker);
  return broker;
}

async function untilServed(broker: RunningBroker): Promise<void> {
  try {
    for (const url of broker.urls) await patiently(url);
  } catch (error) {
    await broker.close();
    throw error;
  }
}

/** Until a subscription is granted there, which a cluster refuses before it knows who leads. */
async function patiently(url: string, attempts: number = 40): Promise<void> {
  try {
    await using client = await connect(url, { version: '3.1.1', connectTimeoutMs: 3000, reconnect: false });
    await client.subscribe('interop/ready', { qos: 1 }).ready;
  } catch (error) {
    if (attempts <= 1) throw error;
    await wait(250);
    return patiently(url, attempts - 1);
  }
}

/** Erlang's name server is a process of ours too, so that nothing stays, and nothing listens beyond loopback. */
export async function startRabbit(command: string): Promise<RunningBroker> {
  const folder = newFolder();
  const [mqtt = 0, web = 0, amqp = 0, epmd = 0, distribution = 0] = await freePorts(5);
  const lines = [
    `listeners.tcp.1 = 127.0.0.1:${amqp}`,
    `mqtt.listeners.tcp.1 = 127.0.0.1:${mqtt}`,
    'mqtt.allow_anonymous = true',
    'web_mqtt.tcp.ip = 127.0.0.1',
    `web_mqtt.tcp.port = ${web}`,
  ];
  writeFileSync(join(folder, 'rabbitmq.conf'), `${lines.join('\n')}\n`);
  writeFileSync(join(folder, 'enabled_plugins'), '[rabbitmq_mqtt,rabbitmq_web_mqtt].\n');
  // Names of other machines are not asked for: where nobody answers, it waits ten seconds for each.
  writeFileSync(join(folder, 'inetrc'), '{lookup, [file]}.\n');
  const environment = {
    HOME: folder,
    ERL_INETRC: join(folder, 'inetrc'),
    ERL_EPMD_PORT: String(epmd),
    ERL_EPMD_ADDRESS: '127.0.0.1',
    RABBITMQ_NODENAME: `interop${mqtt}@localhost`,
    RABBITMQ_DIST_PORT: String(distribution),
    RABBITMQ_MNESIA_BASE: join(folder, 'data'),
    RABBITMQ_LOG_BASE: join(folder, 'log'),
    RABBITMQ_CONFIG_FILE: join(folder, 'rabbitmq.conf'),
    RABBITMQ_ENABLED_PLUGINS_FILE: join(folder, 'enabled_plugins'),
    RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS: '-kernel inet_dist_use_interface {127,0,0,1}',
  };
  const names = new ServerProcess({
    command: 'epmd',
    args: ['-port', String(epmd), '-address', '127.0.0.1'],
    port: epmd,
  });
  await names.start();
  const server = new ServerProcess({ command, args: [], environment, port: mqtt });
  const version = /rabbitmq_server-([\d.]+)/.exec(command)?.[1] ?? '';
  const webSocketUrl = `ws://127.0.0.1:${web}/ws`;
  try {
    const broker = await run({
      name: `RabbitMQ ${version}`,
      servers: [server],
      urls: [urlOf(mqtt)],
      webSocketUrl,
      folder,
    });
    const close = async (): Promise<void> => {
      await broker.close();
      await names.kill();
    };
    return { ...broker, close };
  } catch (error) {
    await names.kill();
    throw error;
  }
}

function urlOf(port: number): string {
  return `mqtt://127.0.0.1:${port}`;
}
