/**
 * A publisher and a subscriber with durable stores, and a broker between them, each killed again and again. The
 * subscriber passes on what it gets, in the commit in which it acknowledges it; a collector that lives through all of it
 * counts what comes out at the end.
 */
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { seededRandom } from '@omqtt/testkit';
import { bundleProcesses } from './bundle.ts';
import { Broker } from './broker.ts';
import { Collector } from './collector.ts';
import { Lives } from './lives.ts';
import { Relay } from './relay.ts';
import { judge, type Verdict } from './verdict.ts';

export interface RigPlan {
  readonly kills: number;
  readonly restarts: number;
  readonly seed: number;
  /** The program. */
  readonly mosquitto: string;
  readonly onKill?: (done: number) => void;
}

/** Nothing has arrived for so long: what is missing now is lost. */
const SILENCE_MS = 10_000;
const LONGEST_LIFE_MS = 200;
/** A broker that does not go on must not stop the kills. */
const LONGEST_PATIENCE_MS = 10_000;

interface Stage {
  readonly folder: string;
  readonly broker: Broker;
  readonly relay: Relay;
  readonly collector: Collector;
}

export async function runRig(plan: RigPlan): Promise<Verdict> {
  const folder = mkdtempSync(join(tmpdir(), 'omqtt-crash-'));
  mkdirSync(join(folder, 'processes'));
  await bundleProcesses(join(folder, 'processes'));
  const broker = await Broker.start(plan.mosquitto, folder);
  const relay = await Relay.start(broker.port);
  const collector = await Collector.start(relay.url);
  try {
    return await play(plan, { folder, broker, relay, collector });
  } finally {
    await collector.close();
    await relay.close();
    await broker.kill();
    rmSync(folder, { recursive: true });
  }
}

async function play(plan: RigPlan, stage: Stage): Promise<Verdict> {
  const { seed } = plan;
  const { folder, relay } = stage;
  const lives = (who: 'publisher' | 'subscriber', salt: number): Lives =>
    new Lives({
      file: `${who}-process.js`,
      url: relay.url,
      folder,
      random: seededRandom(seed + salt),
      longestMs: LONGEST_LIFE_MS,
      born: () => relay.letIn(who),
      mayDie: async () => {
        await patiently(() => hasFinished(relay, who));
        // A connection that it begins in its last moment would be one of those that must not end too early.
        relay.shutOut(who);
      },
    });
  const publisher = lives('publisher', 1);
  const subscriber = lives('subscriber', 2);
  try {
    // What comes before anybody has subscribed is nobody's.
    await once(subscriber.start('subscribe'), 'exit');
    const { restarting, ...died } = await killAll({ plan, stage, publisher, subscriber });
    await bringHome({ stage, publisher, subscriber }, restarting);
    return verdictOf(stage, died);
  } finally {
    publisher.end();
    subscriber.end();
  }
}

interface Cast {
  readonly stage: Stage;
  readonly publisher: Lives;
  readonly subscriber: Lives;
}

type Deaths = Pick<Verdict, 'kills' | 'restarts'>;

interface Killed extends Deaths {
  /** The last one may still be under way. */
  readonly restarting: Promise<void>;
}

async function killAll({ plan, stage, publisher, subscriber }: Cast & { readonly plan: RigPlan }): Promise<Killed> {
  const { kills, restarts, onKill } = plan;
  const died = { publisher: 0, subscriber: 0 };
  let restarted = 0;
  let restarting: Promise<void> = Promise.resolve();
  const killAgainAndAgain = async (who: 'publisher' | 'subscriber', one: Lives): Promise<void> => {
    while (died.publisher + died.subscriber < kills) {
      await one.liveAndDie();
      died[who] += 1;
      const done = died.publisher + died.subscriber;
      onKill?.(done);
      if (restarted * kills >= done * restarts) continue;
      restarted += 1;
      // While the others go on living and dying.
      restarting = restarting.then(() => restart(stage));
      // Looked at when both have come home.
      restarting.catch(() => undefined);
    }
  };
  await Promise.all([killAgainAndAgain('publisher', publisher), killAgainAndAgain('subscriber', subscriber)]);
  return { kills: died, restarts: restarted, restarting };
}

function verdictOf({ folder, collector, relay }: Stage, died: Deaths): Verdict {
  const accepted = readLedger(folder);
  return {
    ...died,
    qos1: judge(accepted[1], collector.arrivals(1)),
    qos2: judge(accepted[2], collector.arrivals(2), relay.watch.resent),
  };
}

/**
 * mosquitto 2.0.11 publishes a message anew although it has sent PUBREL for it [MQTT-4.3.3-6], which no receiver could tell
 * from a new one, in two cases: a connection ends on which it was to send PUBREL again, or it restarts before it has got
 * PUBCOMP. So a connection is given the time for what an earlier one began, and while the broker is about to be killed,
 * for everything.
 */
function hasFinished({ watch, isMuted }: Relay, clientId: string): boolean {
  return !watch.isFinishing(clientId) && !(isMuted && watch.owesCompletion(clientId));
}

async function patiently(isSo: () => boolean): Promise<void> {
  const end = performance.now() + LONGEST_PATIENCE_MS;
  while (!isSo() && performance.now() < end) await wait(2);
}

async function restart({ broker, relay }: Stage): Promise<void> {
  const { watch } = relay;
  const receivers = ['subscriber', 'collector'];
  await patiently(() =>
    receivers.every((id) => !watch.isFinishing(id) && (watch.isConnected(id) || !watch.owesCompletion(id))),
  );
  relay.mute();
  await patiently(() => receivers.every((id) => !watch.owesCompletion(id)));
  await broker.save();
  await broker.kill();
  relay.cut();
  await broker.run();
}

/** Both live on until all that is in stores and broker has come to its end. */
async function bringHome({ stage, publisher, subscriber }: Cast, restarting: Promise<void>): Promise<void> {
  subscriber.start('');
  // Only now, because the broker is not killed while the subscriber has something to finish.
  await restarting;
  const drained = publisher.start('drain');
  await Promise.race([once(drained, 'exit'), wait(60_000, undefined, { ref: false })]);
  const { collector, folder } = stage;
  const accepted = readLedger(folder);
  const isComplete = (): boolean =>
    ([1, 2] as const).every((qos) => judge(accepted[qos], collector.arrivals(qos)).lost.length === 0);
  while (!isComplete() && collector.silentMs < SILENCE_MS) await wait(50);
  // Whatever would be one too many comes in this time.
  await wait(500);
}

function readLedger(folder: string): Readonly<Record<1 | 2, readonly string[]>> {
  const lines = readFileSync(join(folder, 'accepted'), 'utf8').trimEnd().split('\n');
  const ids = (qos: 1 | 2): readonly string[] =>
    lines.filter((line) => line.startsWith(`${qos} `)).map((line) => line.slice(2));
  return { 1: ids(1), 2: ids(2) };
}
