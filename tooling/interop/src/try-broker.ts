/** Runs the probes on one broker, and says of each what came of it. */
import { MqttError } from 'omqtt';
import type { RunningBroker } from './brokers.ts';
import { NotOffered, probes, type Version } from './probes.ts';

export interface Outcome {
  readonly probe: string;
  readonly version: Version;
  readonly kind: 'works' | 'refused' | 'not offered' | 'fails';
  /** Why, where it does not work. */
  readonly reason: string;
}

export async function tryBroker(
  broker: RunningBroker,
  isAsked: (probe: string) => boolean = () => true,
): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  for (const version of ['5.0', '3.1.1'] as const) {
    for (const probe of probes.filter(({ name, versions }) => isAsked(name) && versions.includes(version))) {
      const speaks = outcomes.find((each) => each.version === version && each.probe === 'connect');
      const outcome =
        speaks?.kind === 'refused' ? { ...speaks, reason: 'no connection' } : await settle(probe.run(broker, version));
      outcomes.push({ ...outcome, probe: probe.name, version });
    }
  }
  return outcomes;
}

async function settle(attempt: Promise<void>): Promise<Pick<Outcome, 'kind' | 'reason'>> {
  try {
    await attempt;
    return { kind: 'works', reason: '' };
  } catch (error) {
    if (error instanceof NotOffered) return { kind: 'not offered', reason: error.message };
    if (error instanceof MqttError && !/timeout|timed-out/.test(error.code)) {
      return { kind: 'refused', reason: reasonOf(error) };
    }
    return { kind: 'fails', reason: error instanceof Error ? `${error.name}: ${error.message}` : String(error) };
  }
}

function reasonOf({ code, reasonCode }: { readonly code: string; readonly reasonCode?: number | undefined }): string {
  return reasonCode === undefined ? code : `${code}, 0x${reasonCode.toString(16).toUpperCase().padStart(2, '0')}`;
}
