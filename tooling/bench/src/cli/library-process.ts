/**
 * The library under the load of `omqtt bench pub`, measured as the command measures itself: a process of its own that warms
 * up, and then counts what is answered until the time is over. Arguments: a broker, and the load as JSON.
 */
import { connect } from 'omqtt';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Load } from '../client/loads.ts';
import { startPublishing } from '../client/publish-loop.ts';
import type { LibraryLoad, LibraryReport } from './command-run.ts';

const [url = '', given = ''] = process.argv.slice(2);
const { window, payloadBytes, warmupMs, durationMs, clientId } = JSON.parse(given) as LibraryLoad;
const load: Load = { name: '', kind: 'publish', qos: 1, window, payloadBytes, messages: Infinity };
const client = await connect(url, { clientId });
const publishing = startPublishing(client, load);
await sleep(warmupMs);
const [before, startedAt, cpu] = [publishing.done, performance.now(), process.cpuUsage()];
await sleep(durationMs);
const [messages, seconds] = [publishing.done - before, (performance.now() - startedAt) / 1000];
const { user, system } = process.cpuUsage(cpu);
publishing.stop();
await publishing.finished;
const report: LibraryReport = {
  sent: publishing.done,
  rate: Math.round(messages / seconds),
  cpuNanoseconds: Math.round(((user + system) * 1000) / messages),
};
process.stdout.write(JSON.stringify(report));
await client.close();
