/** The loop of a publisher that keeps a window full, as a program would write it. */
import type { Client } from 'omqtt';
import { type Load, payloadOf, TOPIC } from './loads.ts';

export interface PublishLoop {
  /** How many have been answered. */
  readonly done: number;
  /** Resolves when all that was sent has been answered. */
  readonly finished: Promise<void>;
  /** Sends no more. */
  stop(): void;
}

export function startPublishing(client: Client, load: Load): PublishLoop {
  const { qos, window, messages, answeredBy = 'promise' } = load;
  const payload = payloadOf(load);
  let [sent, done, most] = [0, 0, messages];
  let resolve: () => void = ignore;
  let reject: (error: unknown) => void = ignore;
  const finished = new Promise<void>((...settle) => {
    [resolve, reject] = settle;
  });
  const fill = (): void => {
    while (sent < most && sent - done < window) {
      sent += 1;
      if (answeredBy === 'promise') client.publish(TOPIC, payload, { qos }).then(answered, reject);
      else client.publish(TOPIC, payload, { qos }, calledBack);
    }
  };
  const calledBack = (error: unknown): void => (error === undefined ? answered() : reject(error));
  const answered = (): void => {
    done += 1;
    if (done === most) resolve();
    else fill();
  };
  fill();
  return {
    get done() {
      return done;
    },
    finished,
    stop: () => {
      most = sent;
      if (done === most) resolve();
    },
  };
}

function ignore(): void {
  // Replaced at once.
}
