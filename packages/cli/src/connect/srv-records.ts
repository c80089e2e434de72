/** The servers that a domain names for MQTT (RFC 2782), in the order to try them. */
import { resolveSrv } from 'node:dns/promises';
import type { SrvRecord } from 'node:dns';
import { NoServerError } from '../cli-error.ts';

export interface SrvLookUp {
  readonly resolve: (name: string) => Promise<readonly SrvRecord[]>;
  /** 0 to below 1. */
  readonly random: () => number;
}

const system: SrvLookUp = { resolve: resolveSrv, random: Math.random };

/** URLs, the first to try first. Throws when the domain names none. */
export async function serversOf(
  domain: string,
  scheme: 'mqtt' | 'mqtts',
  lookUp: SrvLookUp = system,
): Promise<readonly string[]> {
  const name = `${scheme === 'mqtts' ? '_secure-mqtt' : '_mqtt'}._tcp.${domain}`;
  let records: readonly SrvRecord[];
  try {
    records = await lookUp.resolve(name);
  } catch (error) {
    throw new NoServerError(
      `no SRV record ${name} (${(error as NodeJS.ErrnoException).code}): leave -S out to connect to ${domain} itself`,
    );
  }
  // A single dot says that the service is not there on purpose.
  const servers = inOrder(records, lookUp.random).filter((record) => record.name !== '' && record.name !== '.');
  if (servers.length === 0) throw new NoServerError(`${domain} says in ${name} that it has no such server`);
  return servers.map((record) => `${scheme}://${record.name}:${record.port}`);
}

/** The lowest priority first; among equals by chance, the more likely the more weight they have. */
export function inOrder(records: readonly SrvRecord[], random: () => number): readonly SrvRecord[] {
  const left = records.toSorted((a, b) => a.priority - b.priority || a.weight - b.weight);
  const ordered: SrvRecord[] = [];
  while (left.length > 0) {
    const priority = left[0]?.priority;
    const equals = left.filter((record) => record.priority === priority);
    let ticket = random() * equals.reduce((sum, { weight }) => sum + weight, 0);
    const index = equals.findIndex(({ weight }) => (ticket -= weight) <= 0);
    ordered.push(...left.splice(Math.max(0, index), 1));
  }
  return ordered;
}
