/** A device to look at: measures every second, answers when it is asked, and leaves a last will. */
import { connect } from 'omqtt';

export interface Thermometer {
  close(): Promise<void>;
}

export const topics = {
  temperature: 'home/kitchen/temperature',
  status: 'home/kitchen/thermometer/status',
  calibrate: 'home/kitchen/thermometer/calibrate',
} as const;

const periodMs = 1000;

/** Resolves when the first temperature has been taken over by the broker. */
export async function startThermometer(url: string): Promise<Thermometer> {
  const client = await connect(url, {
    clientId: 'kitchen-thermometer',
    will: { topic: topics.status, payload: 'offline', qos: 1, retain: true },
  });
  let offset = 0;
  let round = 0;
  client.respond(topics.calibrate, async (request) => {
    const wanted = Number(request.text());
    if (!Number.isFinite(wanted) || Math.abs(wanted) > 50) return 'say by how many degrees, at most 50';
    offset = wanted;
    return `calibrated by ${wanted} °C`;
  });
  const measure = async (): Promise<void> => {
    round += 1;
    const celsius = 21 + 2 * Math.sin(round / 20) + offset;
    const reading = JSON.stringify({ celsius: Number(celsius.toFixed(2)), round });
    await client.publish(topics.temperature, reading, {
      qos: 1,
      retain: true,
      properties: { contentType: 'application/json', messageExpirySeconds: 3600 },
    });
  };

  await client.publish(topics.status, 'online', { qos: 1, retain: true });
  await measure();
  // A measurement that finds the client closed, or the broker gone, is one measurement less.
  const timer = setInterval(() => void measure().catch(() => {}), periodMs);
  return {
    async close(): Promise<void> {
      clearInterval(timer);
      // Whoever says goodbye in order leaves no will.
      await client.publish(topics.status, 'offline', { qos: 1, retain: true, timeoutMs: 1000 }).catch(() => {});
      await client.close({ drainMs: 500 });
    },
  };
}
