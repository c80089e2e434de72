/** The process of one client under measurement, so that its CPU time is its own. */
import { openBare } from './bare-client.ts';
import { asOneChunk, oneByOne } from './frame-sender.ts';
import type { ClientCommand, ClientContestant, ClientReport, LoadClient } from './loads.ts';
import { measureLatencies } from './round-trip.ts';

const [name = '', port = ''] = process.argv.slice(2);
const client = await open(name as ClientContestant);
process.on('message', (command: ClientCommand) => void obey(command));
// Nobody is left to measure it.
process.on('disconnect', () => process.exit(0));
tell({ type: 'ready' });

async function open(contestant: ClientContestant): Promise<LoadClient> {
  if (contestant === 'omqtt') return (await import('./our-client.ts')).openOurs(Number(port));
  if (contestant === 'MQTT.js') return (await import('./mqtt-js-client.ts')).openMqttJs(Number(port));
  return openBare(Number(port), contestant, contestant === 'bare socket' ? asOneChunk : oneByOne);
}

async function obey(command: ClientCommand): Promise<void> {
  switch (command.type) {
    case 'cpu': {
      if (command.sweepFirst) globalThis.gc?.();
      const { user, system } = process.cpuUsage();
      tell({ type: 'cpu', microseconds: user + system });
      return;
    }
    case 'rate':
      tell({ type: 'latencies', milliseconds: await measureLatencies(client, command) });
      return;
    default: {
      const { load } = command;
      if (load.kind === 'publish') {
        await client.publish(load);
        tell({ type: 'done', received: { messages: 0, bytes: 0 } });
        return;
      }
      const received = client.receive(load);
      // Subscribed by then, and nothing comes before somebody asks for it.
      setTimeout(() => tell({ type: 'ready' }), 20);
      tell({ type: 'done', received: await received });
    }
  }
}

function tell(report: ClientReport): void {
  process.send?.(report);
}
