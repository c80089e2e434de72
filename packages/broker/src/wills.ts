/** The last message of a client that did not say goodbye (§3.1.2.5). */
import type { Will } from '@omqtt/codec';
import { distribute } from './distribution.ts';
import type { Engine } from './engine.ts';
import { Message } from './message.ts';
import { retain } from './retaining.ts';
import type { Session } from './session.ts';

/** At once, or when its delay is over; the end of the session publishes it when that comes first [MQTT-3.1.2-8]. */
export function scheduleWill(engine: Engine, session: Session, will: Will): void {
  const delaySeconds = will.properties?.willDelaySeconds ?? 0;
  if (delaySeconds === 0) {
    publishWill(engine, will);
    return;
  }
  const cancel = engine.clock.wakeAt(engine.clock.now() + delaySeconds * 1000, () => {
    session.will = undefined;
    publishWill(engine, will);
  });
  session.will = { will, cancel };
}

/** The session has ended before the delay was over. */
export function publishDelayedWill(engine: Engine, session: Session): void {
  const { will } = session;
  cancelWill(session);
  if (will) publishWill(engine, will.will);
}

/** The client is back in time [MQTT-3.1.3-9]. */
export function cancelWill(session: Session): void {
  session.will?.cancel();
  session.will = undefined;
}

function publishWill(engine: Engine, { properties, ...will }: Will): void {
  const { willDelaySeconds, ...rest } = properties ?? {};
  const message = new Message({
    ...will,
    properties: Object.keys(rest).length > 0 ? rest : undefined,
    receivedAt: engine.clock.now(),
  });
  retain(engine, message);
  distribute(engine, message);
}
