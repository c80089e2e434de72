/** `omqtt conn`: connects, shows what the broker said, and holds the connection. */
import type { ConnectionSnapshot } from 'omqtt';
import type { Task } from '../command.ts';
import { openClient } from '../connect/open-client.ts';
import { exitCodes } from '../exit-codes.ts';
import { json } from '../options/output-options.ts';
import { once } from '../options/watch-options.ts';
import { escapeJson, escapeLine } from '../output/terminal-text.ts';

export async function run(task: Task): Promise<number> {
  const { settings, io } = task;
  const startedAt = performance.now();
  await using open = await openClient(task, { isLongRunning: settings.get(once) !== true });
  const { connection } = open.client;
  if (connection === undefined) return await open.ended;
  const facts = factsOf(connection, performance.now() - startedAt);
  if (settings.get(json) === true) io.out.line(escapeJson(JSON.stringify({ v: 1, ...facts })));
  else for (const [name, value] of Object.entries(facts)) io.out.line(lineOf(name, value));
  return settings.get(once) === true ? exitCodes.done : await open.ended;
}

function factsOf(connection: ConnectionSnapshot, tookMs: number): Readonly<Record<string, unknown>> {
  const { version, clientId, sessionPresent, keepAliveSeconds, sessionExpirySeconds, limits, properties, transport } =
    connection;
  const { maximumPacketBytes, ...others } = limits;
  return {
    peer: transport.peer,
    connectMs: Number(tookMs.toFixed(2)),
    version,
    clientId,
    sessionPresent,
    keepAliveSeconds,
    sessionExpirySeconds,
    ...others,
    maximumPacketBytes: Number.isFinite(maximumPacketBytes) ? maximumPacketBytes : 'unlimited',
    ...(transport.tls && { tls: transport.tls }),
    ...(properties.responseInformation !== undefined && { responseInformation: properties.responseInformation }),
    ...(properties.reasonString !== undefined && { reasonString: properties.reasonString }),
    ...(properties.userProperties && { userProperties: properties.userProperties }),
  };
}

function lineOf(name: string, value: unknown): string {
  const words = name.replaceAll(/QoS|[A-Z]/g, (word) => (word === 'QoS' ? ` ${word}` : ` ${word.toLowerCase()}`));
  return escapeLine(`${words.padEnd(34)} ${typeof value === 'string' ? value : JSON.stringify(value)}`);
}
