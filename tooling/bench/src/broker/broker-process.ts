/** The process of one broker, so that its CPU time is its own. Sends its port; answers each message with that time. */
import { createServer, type AddressInfo, type Socket } from 'node:net';
import type { BrokerContestant, BrokerReport } from './contestants.ts';

const port = await listen(process.argv[2] as BrokerContestant);
tell({ port });
process.on('message', () => {
  const { user, system } = process.cpuUsage();
  tell({ cpuMicroseconds: user + system });
});
// Nobody is left to measure it.
process.on('disconnect', () => process.exit(0));

function tell(report: BrokerReport): void {
  process.send?.(report);
}

async function listen(contestant: BrokerContestant): Promise<number> {
  if (contestant === 'omqtt') {
    const { startBroker } = await import('@omqtt/broker');
    return Number(new URL((await startBroker()).url).port);
  }
  const { Aedes } = contestant === 'aedes 1.2' ? await import('aedes') : await import('aedes-next');
  const aedes = await Aedes.createBroker();
  const server = createServer((socket: Socket) => {
    aedes.handle(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}
