/** The commands of the pages, run as a user would, with the programs of the tarballs. Only ports differ: here they may be taken. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePorts } from '@omqtt/peers';
import { run } from '@omqtt/portability/shell';
import { withBroker } from './readme-examples.ts';

export interface Block {
  /** Such as `packages/cli/README.md, commands 2`. */
  readonly name: string;
  readonly firstLine: string;
  readonly commands: string;
  readonly kind: 'command-line' | 'inspector' | 'bridge' | 'bridge-tool';
  /** The configuration that the page shows. */
  readonly yaml: string;
  /** The first request that the page shows. */
  readonly request: string;
}

/** The blocks that can be run as they stand; lines of `curl` alone are run by the tests of the bridge. */
export function blocksOf(page: string, markdown: string): Block[] {
  const yaml = /^```yaml\n(.*?)^```$/ms.exec(markdown)?.[1] ?? '';
  const request = /^curl .*$/m.exec(markdown)?.[0] ?? '';
  return Array.from(markdown.matchAll(/^```sh\n(.*?)^```$/gms), ([, commands = ''], index) => ({
    name: `${page}, commands ${index + 1}`,
    firstLine: commands.split(/ *(?: #.*|\\)?\n/, 1)[0] ?? '',
    commands,
    kind: kindOf(commands),
    yaml,
    request,
  })).filter((block): block is Block => block.kind !== undefined);
}

function kindOf(commands: string): Block['kind'] | undefined {
  if (commands.startsWith('omqtt ')) return 'command-line';
  // Without a publisher it would listen for ever.
  if (commands.startsWith('omqtt-inspector ')) return commands.includes('mosquitto_pub') ? 'inspector' : undefined;
  if (commands.includes(' print-openapi ')) return 'bridge-tool';
  return commands.startsWith('npx @omqtt/bridge') ? 'bridge' : undefined;
}

/** Throws unless all commands end with 0. */
export async function runBlock(block: Block, project: string, root: string): Promise<void> {
  await withBroker(project, root, async ({ mqtt }) => {
    const ports = await freePorts(2);
    const script = scriptOf(block, mqtt, ports);
    writeFileSync(join(project, 'bridge.yaml'), block.yaml);
    const path = `PATH=${join(project, 'node_modules/.bin')}:${process.env['PATH'] ?? ''}`;
    await run('/usr/bin/env', [path, `OMQTT_URL=${mqtt}`, 'bash', '-c', `set -e\n${script}`], project);
  });
  // A redirection makes a file whatever the command says.
  if (block.kind === 'bridge-tool') JSON.parse(readFileSync(join(project, 'bridge.json'), 'utf8'));
}

function scriptOf({ kind, commands, request }: Block, mqtt: string, [port = 0, adminPort = 0]: number[]): string {
  switch (kind) {
    case 'command-line':
      // Its broker takes a free port; the others find the one of this run.
      return `trap 'kill $(jobs -p)' ERR\n${commands.replace('omqtt broker', 'omqtt broker --port 0')}`;
    case 'inspector':
      return commands
        .replaceAll('1884', String(port))
        .replaceAll('1883', new URL(mqtt).port)
        .replace(' &\n', ` &\nuntil (exec 3<>/dev/tcp/127.0.0.1/${port}) 2>/dev/null; do sleep 0.1; done\n`);
    case 'bridge-tool':
      // The line after it is a program of somebody else.
      return commands.split('\n', 1)[0] ?? '';
    case 'bridge':
      return [
        `export OMQTT_BRIDGE__HTTP__PORT=${port} OMQTT_BRIDGE__OPS__PORT=${adminPort}`,
        ...(commands.includes('.yaml') ? [`export OMQTT_BRIDGE__BROKERS__MAIN__URL=${mqtt}`] : []),
        // npx does not hand on signals, so that its whole group is ended.
        "set -m\ntrap 'kill -- -$bridge' EXIT",
        `${commands.trimEnd().replace(/ *#.*$/, '')} & bridge=$!`,
        `curl -sS --fail --retry 30 --retry-all-errors --retry-delay 1 http://localhost:${adminPort}/readyz`,
        `${request.replaceAll('localhost:8080', `localhost:${port}`)} -sS --fail`,
      ].join('\n');
  }
}
