import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import { requirePeer } from '@omqtt/peers';
import { onTestFinished } from 'vitest';

export const mosquitto: ReturnType<typeof requirePeer> = requirePeer('mosquitto');

/** Where mosquitto may have to look for certificates. */
export const certificates: string = join(import.meta.dirname, '../../transport-tcp/test/certificates');

export interface BrokerPlan {
  /** More lines of the configuration, such as `max_inflight_messages 5`; `$folder` is a folder of this broker alone. */
  readonly lines?: readonly string[];
  /** Files to write into that folder before the start. */
  readonly files?: Readonly<Record<string, string>>;
  readonly webSocket?: boolean;
  readonly tls?: boolean;
  readonly unixSocket?: boolean;
}

export interface Broker {
  /** By TCP. */
  readonly url: string;
  readonly webSocketUrl: string;
  readonly tlsUrl: string;
  readonly unixUrl: string;
  readonly port: number;
  /** Its own. */
  readonly folder: string;
  signal(name: 'SIGUSR1'): void;
  /** SIGKILL: nothing is written any more. */
  kill(): Promise<void>;
  /** SIGTERM. */
  stop(): Promise<void>;
  /** On the same ports, with what was persisted. */
  start(): Promise<void>;
}

/** A mosquitto of one's own on ports of its own; ended with the test. */
export async function startBroker(plan: BrokerPlan = {}): Promise<Broker> {
  const folder = mkdtempSync(join(tmpdir(), 'omqtt-mosquitto-'));
  const [port = 0, webSocketPort = 0, tlsPort = 0] = await freePorts(3);
  const socket = join(folder, 'mqtt.sock');
  for (const [name, text] of Object.entries(plan.files ?? {})) writeFileSync(join(folder, name), text);
  const configuration = [
    'allow_anonymous true',
    `listener ${port} 127.0.0.1`,
    ...(plan.webSocket ? [`listener ${webSocketPort} ${loopbackInterface()}`, 'protocol websockets'] : []),
    ...(plan.tls ? [`listener ${tlsPort} 127.0.0.1`, ...tlsLines] : []),
    ...(plan.unixSocket ? [`listener 0 ${socket}`] : []),
    // Started by root, it would otherwise become a user who may not read the folder.
    'user root',
    ...(plan.lines ?? []).map((line) => line.replaceAll('$folder', folder)),
  ];
  writeFileSync(join(folder, 'mosquitto.conf'), `${configuration.join('\n')}\n`);
  const program = new Program(join(folder, 'mosquitto.conf'));
  onTestFinished(async () => {
    await program.end('SIGKILL');
    rmSync(folder, { recursive: true });
  });
  await program.start();
  return {
    url: `mqtt://127.0.0.1:${port}`,
    webSocketUrl: `ws://127.0.0.1:${webSocketPort}/mqtt`,
    tlsUrl: `mqtts://localhost:${tlsPort}`,
    unixUrl: `unix:${socket}`,
    port,
    folder,
    signal: (name) => program.signal(name),
    kill: () => program.end('SIGKILL'),
    stop: () => program.end('SIGTERM'),
    start: () => program.start(),
  };
}

const tlsLines = [
  `cafile ${certificates}/ca.pem`,
  `certfile ${certificates}/server.pem`,
  `keyfile ${certificates}/server-key.pem`,
];

class Program {
  readonly #configuration: string;
  #child: ChildProcess | undefined;

  constructor(configuration: string) {
    this.#configuration = configuration;
  }

  async start(): Promise<void> {
    const child = spawn(mosquitto.path, ['-c', this.#configuration], { stdio: ['ignore', 'ignore', 'pipe'] });
    this.#child = child;
    await isRunning(child);
  }

  signal(name: 'SIGUSR1'): void {
    this.#child?.kill(name);
  }

  async end(signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
    const child = this.#child;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, 'exit');
    child.kill(signal);
    await gone;
  }
}

/** Nobody has them now; mosquitto is the next to ask. All are held until the last is found, so that they differ. */
async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer().listen(0, '127.0.0.1'));
  await Promise.all(servers.map((server) => once(server, 'listening')));
  const ports = servers.map((server) => (server.address() as AddressInfo).port);
  await Promise.all(servers.map((server) => once(server.close(), 'close')));
  return ports;
}

// This version binds a listener for WebSocket only to an interface.
function loopbackInterface(): string {
  const [name] = Object.entries(networkInterfaces()).find(([, addresses]) => addresses?.[0]?.internal) ?? [];
  if (name === undefined) throw new Error('This machine has no loopback interface.');
  return name;
}

async function isRunning(child: ChildProcess): Promise<void> {
  const { stderr } = child;
  if (!stderr) throw new Error('mosquitto was started without a pipe.');
  let log = '';
  await new Promise<void>((resolve, reject) => {
    const finish = (settle: () => void): void => {
      child.off('exit', onExit);
      stderr.off('data', onData);
      // What it says later must not fill the pipe.
      stderr.resume();
      settle();
    };
    const onExit = (): void => finish(() => reject(new Error(`mosquitto did not start:\n${log}`)));
    const onData = (text: Buffer): void => {
      log += text.toString();
      if (log.includes(' running')) finish(resolve);
    };
    child.once('exit', onExit);
    stderr.on('data', onData);
  });
}
