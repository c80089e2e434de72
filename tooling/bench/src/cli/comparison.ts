/** `omqtt bench pub` and the client's own benchmark, the same load against the same far end, in turns. */
import { type Received, TOPIC } from '../client/loads.ts';
import { type FarEnd, startFarEnd } from '../client/processes.ts';
import { MiscountError } from '../contest.ts';
import {
  type CommandReport,
  type LibraryReport,
  runBenchPub,
  runLibrary,
  runTapped,
  type Tapped,
} from './command-run.ts';

export interface Round {
  readonly library: LibraryReport;
  readonly command: CommandReport;
  /** Two more runs of the command, in which every message was timed twice: with a pace, and as fast as it goes. */
  readonly paced: Tapped;
  readonly flooded: Tapped;
}

export interface Comparison {
  readonly window: number;
  readonly payloadBytes: number;
  /** Of the runs that are timed twice, one of them with so many a second: at full speed times are those of a queue. */
  readonly pacedMessages: number;
  readonly pacedRate: number;
  readonly floodMessages: number;
  /** Of both, each time in a new process. */
  readonly warmupMs: number;
  readonly durationMs: number;
  readonly rounds: number;
}

export async function compareWithLibrary(comparison: Comparison): Promise<readonly Round[]> {
  const { farEnd, port } = await startFarEnd();
  try {
    const rounds: Round[] = [];
    for (let round = 0; round <= comparison.rounds; round += 1) {
      const measured = await runRound({ farEnd, url: `mqtt://127.0.0.1:${port}`, round }, comparison);
      // The far end has its compilers, too.
      if (round > 0) rounds.push(measured);
    }
    return rounds;
  } finally {
    await farEnd.stop();
  }
}

interface Place {
  readonly farEnd: FarEnd;
  readonly url: string;
  readonly round: number;
}

/** The command appends the number of a client, `/0`: then its topic is as long as that of the library. */
const PREFIX = TOPIC.slice(0, -2);

async function runRound(place: Place, comparison: Comparison): Promise<Round> {
  const { farEnd, url, round } = place;
  const { window, payloadBytes, warmupMs, durationMs, pacedRate, pacedMessages, floodMessages } = comparison;
  const libraryId = `library-${round}`;
  const library = await runLibrary(url, { window, payloadBytes, warmupMs, durationMs, clientId: libraryId });
  await checkAtFarEnd(farEnd, libraryId, { payloadBytes, messages: library.sent });
  const load = ['-L', url, '-t', PREFIX, '--window', String(window), '--size', String(payloadBytes)];
  const commandId = `command-${round}-`;
  const times = ['--warmup', `${warmupMs}ms`, '--duration', `${durationMs}ms`];
  const command = await runBenchPub([...load, ...times, '--id-prefix', commandId]);
  await checkAtFarEnd(farEnd, commandId, { payloadBytes, messages: command.sent });
  const timeTwice = async (name: string, messages: number, pace: readonly string[]): Promise<Tapped> => {
    const tapped = await runTapped([...load, ...pace, '--count', String(messages), '--id-prefix', `${name}-${round}-`]);
    await checkAtFarEnd(farEnd, `${name}-${round}-`, { payloadBytes, messages });
    const { calls, packets } = tapped;
    if (calls.count === messages && packets.count === messages) return tapped;
    throw new Error(`${calls.count} and ${packets.count} of ${messages} were timed`);
  };
  const paced = await timeTwice('paced', pacedMessages, ['--rate', String(pacedRate)]);
  return { library, command, paced, flooded: await timeTwice('flooded', floodMessages, []) };
}

async function checkAtFarEnd(farEnd: FarEnd, name: string, sent: Counted): Promise<void> {
  farEnd.tell({ type: 'count', to: name });
  check(name, sent, (await farEnd.hear('counted')).received);
}

interface Counted {
  readonly messages: number;
  readonly payloadBytes: number;
}

/** What the far end has counted is what was sent: nothing is lost, and nothing comes twice. */
function check(name: string, { messages, payloadBytes }: Counted, received: Received): void {
  if (received.messages === messages && received.bytes === messages * payloadBytes) return;
  const expected = { packets: messages, bytes: messages * payloadBytes };
  throw new MiscountError(name, expected, { packets: received.messages, bytes: received.bytes });
}
