import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePorts, loopbackInterface, mosquittoRuns, requirePeer } from '@omqtt/peers';
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
    await mosquittoRuns(child);
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
