/** The thread that decodes, keeps, prints and serves. */
import { constants, setPriority } from 'node:os';
import { parentPort, workerData } from 'node:worker_threads';
import { InspectorError } from '../inspector-errors.ts';
import { InspectionService } from './inspection-service.ts';
import type { FromThread, ThreadOptions, ToThread } from './thread-messages.ts';

const port = parentPort;
if (port === null) throw new Error('This file is the thread of an inspector, not a program.');
// On Linux this is the priority of one thread: clients and forwarding come first where there are too few cores.
if (process.platform === 'linux') setPriority(0, constants.priority.PRIORITY_BELOW_NORMAL);
const tell = (message: FromThread): void => port.postMessage(message);

try {
  const service = new InspectionService(workerData as ThreadOptions, (text) => tell({ type: 'note', text }));
  port.on('message', (message: ToThread) => {
    if (message.type === 'wake') service.wake();
    else if (message.type === 'routes') service.setRoutes(message.routes);
    else void service.close().then((summary) => tell({ type: 'closed', summary }));
  });
  tell({ type: 'ready', ...(await service.start()) });
} catch (error) {
  const code = error instanceof InspectorError ? error.code : 'inspection-failed';
  tell({ type: 'failed', code, message: error instanceof Error ? error.message : String(error) });
}
