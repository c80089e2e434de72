/** `docs/interop.md`. */
import type { Ledger } from './ledger.ts';
import { probes } from './probes.ts';
import type { Outcome } from './try-broker.ts';

export interface Column {
  readonly name: string;
  readonly outcomes: readonly Outcome[];
}

export function reportPage(columns: readonly Column[], ledgers: readonly Ledger[]): string {
  const notes: string[] = [];
  const rows = probes.map((probe) => [
    probe.name,
    ...columns.map(({ outcomes }) =>
      probe.versions
        .map((version) => outcomes.find((each) => each.probe === probe.name && each.version === version))
        .map((outcome) => cellOf(outcome, notes))
        .join(' · '),
    ),
  ]);
  const heading = ['', ...columns.map(({ name }) => name)];
  const table = [line(heading), line(heading.map(() => '---')), ...rows.map(line)].join('\n');
  return `# Interoperability

Written by \`npm run interop\` from what it saw; do not edit it. Each cell is 5.0 · 3.1.1, or 5.0 alone where only 5.0
has the thing; \`'auto'\` is tried once. "Refused" means that the client came back with a typed error, "not offered" that the
broker says, or shows, that it does not have it. RabbitMQ 3.10 and NATS 2.9 speak MQTT 3.1.1 only: NATS answers a CONNECT of 5.0 with a refusal of 3.1.1,
which \`version: 'auto'\` understands; RabbitMQ closes without a word, which may have any reason, so nobody guesses there.

${table}

${notes.map((note, index) => `${index + 1}. ${note}`).join('\n')}
${ledgers.length === 0 ? '' : ledgerText(ledgers)}`;
}

function line(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}

function cellOf(outcome: Outcome | undefined, notes: string[]): string {
  if (outcome === undefined) return '';
  const { kind, reason } = outcome;
  if (kind === 'works' || reason === 'no connection') return kind === 'works' ? 'works' : '–';
  if (!notes.includes(reason)) notes.push(reason);
  return `${kind} (${notes.indexOf(reason) + 1})`;
}

function ledgerText(ledgers: readonly Ledger[]): string {
  const heading = ['session', 'accepted', 'arrived', 'lost', 'of these never sent', 'repeated', 'connections'];
  const rows = ledgers.map(({ session, accepted, arrived, lost, neverSent, repeated, connections }) =>
    line([session, ...[accepted, arrived, lost, neverSent, repeated, connections].map(String)]),
  );
  return `
## A node of the cluster killed under load

QoS 1, NATS in a cluster of three with three copies of each stream. The node that the publisher is connected to gets SIGKILL when
a third is sent; publisher and subscriber are \`omqtt\`, and nobody helps them. A relay notes what the node of the subscriber
sends, so that it is known who lost a message. The session of the subscriber is kept by the broker, or clean: that one lives as
long as its connection, which stays. With a kept session nothing may be lost. With a clean one the cluster sometimes loses what
it has accepted just before the kill, without ever sending it: in two of 14 runs, 55 messages and 1.

${[line(heading), line(heading.map(() => '---')), ...rows].join('\n')}
`;
}
