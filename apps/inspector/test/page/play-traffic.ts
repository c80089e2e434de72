/** Sends made traffic through a real proxy: its clients and its server are plain sockets, so every byte is as it was made. */
import { connectWire, type Wire, type WireServer } from '../wire.ts';
import type { Traffic, TrafficStep } from './traffic.ts';

const PATIENCE_MS = 15_000;

interface Ends {
  readonly c2s: Wire;
  readonly s2c: Wire;
  /** How much each side has sent. */
  readonly sent: { c2s: number; s2c: number };
}

/** Plays what is new in the traffic each time it is called; a step begins when the one before has arrived. */
export function trafficPlayer(traffic: Traffic, listener: string, server: WireServer): () => Promise<void> {
  const connections = new Map<string, Ends>();
  let played = 0;
  const endsOf = async (connection: string): Promise<Ends> => {
    const known = connections.get(connection);
    if (known) return known;
    const ends = { c2s: await connectWire(listener), s2c: await server.next(), sent: { c2s: 0, s2c: 0 } };
    connections.set(connection, ends);
    return ends;
  };
  return async () => {
    for (; played < traffic.steps.length; played += 1) {
      const step = traffic.steps[played] as TrafficStep;
      await playStep(step, await endsOf(step.connection));
    }
  };
}

async function playStep({ direction, bytes }: TrafficStep, { c2s, s2c, sent }: Ends): Promise<void> {
  if (direction === undefined) {
    s2c.end();
    await c2s.ended;
    c2s.end();
    return;
  }
  const [sender, receiver] = direction === 'c2s' ? [c2s, s2c] : [s2c, c2s];
  await sender.write(bytes);
  sent[direction] += bytes.length;
  await until(() => receiver.received().length >= sent[direction]);
}

async function until(isTrue: () => boolean): Promise<void> {
  const started = performance.now();
  while (!isTrue()) {
    if (performance.now() - started > PATIENCE_MS) throw new Error('The proxy did not pass on what was sent.');
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
}
