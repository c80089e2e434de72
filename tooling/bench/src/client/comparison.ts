/** One load for all clients, in turns. */
import { MiscountError } from '../contest.ts';
import type { ClientContestant, Load } from './loads.ts';
import { type ClientProcess, type FarEnd, startClient, startFarEnd } from './processes.ts';

export const clientContestants = ['omqtt', 'MQTT.js', 'bare socket'] as const;

/** Who is given packets one by one receives as the other bare socket does. */
export const allContestants = [...clientContestants, 'bare socket, one by one'] as const;

/** Who takes turns at a load. */
export function contestantsOf({ kind }: Load): readonly ClientContestant[] {
  return kind === 'publish' ? allContestants : clientContestants;
}

export interface Sample {
  /** CPU time of the process of the client, per message. */
  readonly nanoseconds: number;
  /** By the clock on the wall. */
  readonly perSecond: number;
}

/** The samples of the contestants, in their order, by round. */
export type Samples = readonly (readonly Sample[])[];

/** New processes for each load, so that nobody is compiled for the load before; the first rounds are for the compilers. */
export async function compareClients(load: Load, rounds: number): Promise<Samples> {
  const { farEnd, port } = await startFarEnd();
  const contestants = contestantsOf(load);
  const clients: ClientProcess[] = [];
  try {
    for (const contestant of contestants) clients.push(await startClient(contestant, port));
    const samples: Sample[][] = contestants.map(() => []);
    for (let turn = 0; turn < (WARM_UP_ROUNDS + rounds) * clients.length; turn += 1) {
      const index = turn % clients.length;
      const pair = {
        name: contestants[index] as ClientContestant,
        client: clients[index] as ClientProcess,
        farEnd,
      };
      samples[index]?.push(await runOnce(pair, load));
    }
    return samples.map((all) => all.slice(WARM_UP_ROUNDS));
  } finally {
    for (const process of [...clients, farEnd]) await process.stop();
  }
}

const WARM_UP_ROUNDS = 2;

interface Pair {
  readonly name: ClientContestant;
  readonly client: ClientProcess;
  readonly farEnd: FarEnd;
}

async function runOnce(pair: Pair, load: Load): Promise<Sample> {
  const { name, client, farEnd } = pair;
  const expected = { packets: load.messages, bytes: load.messages * load.payloadBytes };
  if (load.kind === 'publish') {
    farEnd.tell({ type: 'expect', to: name, messages: load.messages });
    await farEnd.hear('expecting');
  }
  const before = await cpuOf(client, true);
  const started = performance.now();
  client.tell({ type: 'load', load });
  if (load.kind === 'receive') {
    await client.hear('ready');
    farEnd.tell({ type: 'blast', to: name, load });
  }
  const { received } = await client.hear('done');
  const done = load.kind === 'publish' ? (await farEnd.hear('arrived')).received : received;
  const seconds = (performance.now() - started) / 1000;
  if (load.kind === 'receive') await farEnd.hear('blasted');
  const nanoseconds = (((await cpuOf(client, false)) - before) * 1000) / load.messages;
  if (done.messages !== expected.packets || done.bytes !== expected.bytes) {
    throw new MiscountError(name, expected, { packets: done.messages, bytes: done.bytes });
  }
  return { nanoseconds, perSecond: load.messages / seconds };
}

async function cpuOf(client: ClientProcess, sweepFirst: boolean): Promise<number> {
  client.tell({ type: 'cpu', sweepFirst });
  return (await client.hear('cpu')).microseconds;
}
