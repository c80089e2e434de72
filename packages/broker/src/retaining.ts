/** What a message with RETAIN does to the retained message of its topic. */
import type { Engine } from './engine.ts';
import type { Message } from './message.ts';

/** False when there is no room for it. Without RETAIN nothing changes [MQTT-3.3.1-8]. */
export function retain(engine: Engine, message: Message): boolean {
  if (!message.retain) return true;
  if (message.payload.length > 0) return engine.retained.store(message, engine.limits, engine.clock.now());
  // An empty payload clears the topic, and is not kept itself [MQTT-3.3.1-6] [MQTT-3.3.1-7].
  engine.retained.remove(message.topic);
  return true;
}
