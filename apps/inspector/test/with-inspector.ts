/** An inspector on loopback for tests, without a word on standard error. */
import { resolveOptions, type InspectorOptions } from '../src/inspector-options.ts';
import { startResolved, type Inspector } from '../src/start-inspector.ts';
import type { ThreadOptions } from '../src/thread/thread-messages.ts';
import { pem } from './certificates.ts';
import type { WireType } from './wire.ts';

export interface TestInspector extends Inspector {
  /** What was reported. */
  readonly reports: readonly string[];
}

export async function withInspector(
  options: InspectorOptions,
  plantedFault?: ThreadOptions['plantedFault'],
): Promise<TestInspector> {
  const reports: string[] = [];
  const resolved = resolveOptions({
    listenerTls: { cert: pem('server'), key: pem('server-key') },
    upstreamTls: { ca: pem('ca') },
    report: (text) => reports.push(text),
    ...options,
  });
  return { ...(await startResolved(resolved, plantedFault)), reports };
}

export function listenerUrl(type: Exclude<WireType, 'unix'>): string {
  const scheme = { tcp: 'mqtt', tls: 'mqtts', ws: 'ws', wss: 'wss' }[type];
  return `${scheme}://127.0.0.1:0${type.startsWith('ws') ? '/mqtt' : ''}`;
}
