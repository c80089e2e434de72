/** `omqtt bench pub` and the client's own benchmark, the same load against the same far end, in turns. */
import type { Load, Received } from '../client/loads.ts';
import { type ClientProcess, type FarEnd, startClient, startFarEnd } from '../client/processes.ts';
import { MiscountError } from '../contest.ts';
import { type CommandReport, runBenchPub, runTapped, type Tapped } from './command-run.ts';

export interface Round {
  readonly library: { readonly perSecond: number; readonly cpuNanoseconds: number };
  readonly command: CommandReport;
  /** One more run of the command, in which every message was timed twice. */
  readonly tapped: Tapped;
}

export interface Comparison {
  readonly window: number;
  readonly payloadBytes: number;
  /** Of the library in one round; one round before is for the compilers. */
  readonly messages: number;
  /** Of the run that is timed twice, and how many a second: at full speed times are those of a queue. */
  readonly pacedMessages: number;
  readonly pacedRate: number;
  readonly warmupMs: number;
  readonly durationMs: number;
  readonly rounds: number;
}

export async function compareWithLibrary(comparison: Comparison): Promise<readonly Round[]> {
  const { farEnd, port } = await startFarEnd();
  let client: ClientProcess | undefined;
  try {
    client = await startClient('omqtt', port);
    const load: Load = { ...comparison, name: 'publish QoS 1', kind: 'publish', qos: 1 };
    const rounds: Round[] = [];
    for (let round = 0; round <= comparison.rounds; round += 1) {
      const library = await runLibrary(client, farEnd, load);
      if (round > 0) rounds.push({ library, ...(await runCommands({ farEnd, port, round }, comparison)) });
    }
    return rounds;
  } finally {
    await client?.stop();
    await farEnd.stop();
  }
}

async function runLibrary(client: ClientProcess, farEnd: FarEnd, load: Load): Promise<Round['library']> {
  farEnd.tell({ type: 'expect', to: 'omqtt', messages: load.messages });
  await farEnd.hear('expecting');
  const before = await cpuOf(client);
  const startedAt = performance.now();
  client.tell({ type: 'load', load });
  await client.hear('done');
  const seconds = (performance.now() - startedAt) / 1000;
  const cpuNanoseconds = (((await cpuOf(client)) - before) * 1000) / load.messages;
  check('omqtt', load, (await farEnd.hear('arrived')).received);
  return { perSecond: load.messages / seconds, cpuNanoseconds };
}

async function cpuOf(client: ClientProcess): Promise<number> {
  client.tell({ type: 'cpu', sweepFirst: true });
  return (await client.hear('cpu')).microseconds;
}

interface Place {
  readonly farEnd: FarEnd;
  readonly port: number;
  readonly round: number;
}

async function runCommands(place: Place, comparison: Comparison): Promise<Pick<Round, 'command' | 'tapped'>> {
  const { window, payloadBytes, warmupMs, durationMs, pacedMessages } = comparison;
  const shape = ['-L', `mqtt://127.0.0.1:${place.port}`, '--window', String(window), '--size', String(payloadBytes)];
  const times = ['--warmup', `${warmupMs}ms`, '--duration', `${durationMs}ms`];
  const command = await runBenchPub([...shape, ...times, '--id-prefix', `command-${place.round}-`]);
  await checkAtFarEnd(place.farEnd, `command-${place.round}-`, { ...comparison, messages: command.sent });
  const paced = ['--rate', String(comparison.pacedRate), '--count', String(pacedMessages)];
  const tapped = await runTapped([...shape, ...paced, '--id-prefix', `tapped-${place.round}-`]);
  await checkAtFarEnd(place.farEnd, `tapped-${place.round}-`, { ...comparison, messages: pacedMessages });
  const { calls, packets } = tapped;
  if (calls.count !== pacedMessages || packets.count !== pacedMessages) {
    throw new Error(`${calls.count} and ${packets.count} of ${pacedMessages} were timed`);
  }
  return { command, tapped };
}

async function checkAtFarEnd(farEnd: FarEnd, name: string, sent: Counted): Promise<void> {
  farEnd.tell({ type: 'count', to: name });
  check('omqtt bench pub', sent, (await farEnd.hear('counted')).received);
}

type Counted = Pick<Comparison, 'messages' | 'payloadBytes'>;

/** What the far end has counted is what was sent: nothing is lost, and nothing comes twice. */
function check(name: string, { messages, payloadBytes }: Counted, received: Received): void {
  if (received.messages === messages && received.bytes === messages * payloadBytes) return;
  const expected = { packets: messages, bytes: messages * payloadBytes };
  throw new MiscountError(name, expected, { packets: received.messages, bytes: received.bytes });
}
