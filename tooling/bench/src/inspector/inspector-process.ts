/** The process of one inspector, so that its memory and CPU time are its own. Answers each message with them. */
import { startInspector } from '@omqtt/inspector';
import type { InspectorReport } from './inspector-under-load.ts';
import { threadTimes } from './thread-times.ts';

const [upstream = '', isPageServed = 'no'] = process.argv.slice(2);
const inspector = await startInspector({
  routes: [{ listen: 'mqtt://127.0.0.1:0', upstream }],
  ...(isPageServed === 'no' && { ui: false }),
});
tell({
  type: 'started',
  url: inspector.listeners[0] ?? '',
  apiUrl: inspector.apiUrl ?? '',
  token: inspector.token ?? '',
});
process.on('message', () => {
  const { user, system } = process.cpuUsage();
  const residentBytes = process.memoryUsage.rss();
  tell({ type: 'usage', cpuMicroseconds: user + system, threads: threadTimes(), residentBytes });
});
// Nobody is left to measure it.
process.on('disconnect', () => process.exit(0));

function tell(report: InspectorReport): void {
  process.send?.(report);
}
