/** Messages at a fixed rate to somebody who sends them back, and how long each was away. */
import type { LoadClient } from './loads.ts';

export interface Rate {
  readonly perSecond: number;
  readonly seconds: number;
}

/** Milliseconds, in the order the messages came back. */
export async function measureLatencies(client: LoadClient, { perSecond, seconds }: Rate): Promise<readonly number[]> {
  const total = perSecond * seconds;
  const latencies: number[] = [];
  let onPayload: (payload: Uint8Array) => void = ignore;
  // Nothing is sent before somebody listens: what comes back with the answer to SUBSCRIBE would be nobody's.
  await client.listen((payload) => onPayload(payload));
  const started = performance.now();
  await new Promise<void>((resolve, reject) => {
    const lost = setTimeout(
      () => {
        clearInterval(timer);
        reject(new Error(`${total - latencies.length} of ${total} messages did not come back`));
      },
      (seconds + 10) * 1000,
    );
    let sent = 0;
    const tick = (): void => {
      const now = performance.now();
      while (sent < total && started + (sent * 1000) / perSecond <= now) {
        const payload = new Uint8Array(64);
        new DataView(payload.buffer).setFloat64(0, now);
        client.send(payload);
        sent += 1;
      }
      if (sent === total) clearInterval(timer);
    };
    const timer = setInterval(tick, 1);
    onPayload = (payload) => {
      latencies.push(performance.now() - new DataView(payload.buffer, payload.byteOffset).getFloat64(0));
      if (latencies.length < total) return;
      clearTimeout(lost);
      resolve();
    };
  });
  return latencies;
}

function ignore(): void {
  // Nothing was sent yet.
}
