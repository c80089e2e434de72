/** A fleet of devices that report and obey, each a client of its own: to see what a server makes of them. */
import { connect, createClient, type Client } from 'omqtt';

const url = process.env['BROKER'] ?? 'mqtt://localhost';
const size = Number(process.env['DEVICES'] ?? 100);
const reports = Number(process.env['REPORTS'] ?? 5);

class Device {
  readonly #client: Client;
  readonly #name: string;

  constructor(number: number) {
    this.#name = `device-${number}`;
    this.#client = createClient(url, {
      clientId: this.#name,
      will: { topic: `fleet/${this.#name}/state`, payload: 'lost', qos: 1 },
      reconnect: { initial: true }, // a fleet that starts before its server waits, each with a delay of its own
    });
  }

  async live(): Promise<void> {
    await using client = this.#client;
    const orders = client.subscribe(`fleet/${this.#name}/order`, { qos: 1 });
    await client.connect();
    await orders.ready;
    for (let count = 1; count <= reports; count += 1) {
      await client.publish(`fleet/${this.#name}/report`, `${count}`, { qos: 1 });
    }
    await orders.next({ timeoutMs: 10_000 }); // the one order is to go home
  }
}

await using center = await connect(url);
let received = 0;
const home = center.subscribe('fleet/+/report', { qos: 1, concurrency: 16 }, async (report) => {
  received += 1;
  if (Number(report.text()) < reports) return;
  await center.publish(report.topic.replace(/report$/, 'order'), 'go home', { qos: 1 });
});
await home.ready;
await Promise.all(Array.from({ length: size }, (_, index) => new Device(index + 1).live()));
console.log(`${size} devices, ${received} reports`);
// → 100 devices, 500 reports
