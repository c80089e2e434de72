/**
 * Programs that are not npm packages and that tests talk to. A test says which one it wants:
 *
 *     const tshark = requirePeer('tshark');
 *     describe.skipIf(tshark.isMissing)('against tshark', () => { … tshark.path … });
 *
 * On a developer's machine a missing one is a skip with a warning; in CI it is a failure, so nobody loses a test quietly.
 */
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Name of the program → the Debian package that brings it. */
const debianPackages = {
  chromium: 'chromium',
  curl: 'curl',
  mosquitto: 'mosquitto',
  mosquitto_pub: 'mosquitto-clients',
  mosquitto_rr: 'mosquitto-clients',
  mosquitto_sub: 'mosquitto-clients',
  'nats-server': 'nats-server',
  'rabbitmq-server': 'rabbitmq-server',
  tshark: 'tshark',
} as const;

export type PeerName = keyof typeof debianPackages;

export interface Peer {
  /** What to spawn. */
  readonly path: string;
  readonly isMissing: boolean;
}

/** Looks for the program; throws without it when `CI` is set, warns and says `isMissing` elsewhere. */
export function requirePeer(name: PeerName, environment: NodeJS.ProcessEnv = process.env): Peer {
  const path = findProgram(name, environment['PATH'] ?? '');
  if (path) return { path, isMissing: false };

  const advice = `${name} is not installed (apt-get install ${debianPackages[name]})`;
  if (environment['CI']) throw new Error(`${advice}, and in CI no test may be left out.`);
  console.warn(`\n*** ${advice}: the tests that need it are SKIPPED ***\n`);
  return { path: name, isMissing: true };
}

// Debian keeps servers in sbin, which is not on the PATH of every user.
const foldersOfServers = ['/usr/sbin', '/usr/local/sbin'];

function findProgram(name: string, searchPath: string): string | undefined {
  return [...searchPath.split(delimiter), ...foldersOfServers]
    .filter((folder) => folder !== '')
    .map((folder) => join(folder, name))
    .find(isExecutable);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
