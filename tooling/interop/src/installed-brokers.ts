/** Where the brokers are, as Debian's packages have them. */
import { globSync } from 'node:fs';
import { requirePeer } from '@omqtt/peers';
import { startEmbedded, startMosquitto, startNats, startRabbit, type RunningBroker } from './brokers.ts';

export interface InstalledBroker {
  readonly name: string;
  readonly isMissing: boolean;
  readonly start: () => Promise<RunningBroker>;
}

export function installedBrokers(): InstalledBroker[] {
  const mosquitto = requirePeer('mosquitto');
  const nats = requirePeer('nats-server');
  const rabbit = requirePeer('rabbitmq-server');
  // The one on the PATH changes its user; the one behind it is told where its files are.
  const rabbitPath = globSync('/usr/lib/rabbitmq/lib/rabbitmq_server-*/sbin/rabbitmq-server').at(-1) ?? rabbit.path;
  return [
    { name: 'the embedded broker', isMissing: false, start: startEmbedded },
    { name: 'mosquitto', isMissing: mosquitto.isMissing, start: () => startMosquitto(mosquitto.path) },
    { name: 'NATS', isMissing: nats.isMissing, start: () => startNats(nats.path, 1) },
    { name: 'NATS, a cluster', isMissing: nats.isMissing, start: () => startNats(nats.path, 3) },
    { name: 'RabbitMQ', isMissing: rabbit.isMissing, start: () => startRabbit(rabbitPath) },
  ];
}
