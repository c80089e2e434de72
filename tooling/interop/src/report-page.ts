/** `docs/interop.md`. */
import type { Ledger } from './ledger.ts';
import { probes } from './probes.ts';
import type { Outcome } from './try-broker.ts';

export interface Column {
  readonly name: string;
  readonly outcomes: readonly Outcome[];
}

export function reportPage(columns: readonly Column[], ledger: Ledger | undefined): string {
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

Written by \`npm run interop\` from what it saw; do not edit it. Each cell is 5.0 · 3.1.1, or 5.0 alone where only 5.0 has the
thing. "Refused" means that the client came back with a typed error, "not offered" that the broker says, or shows, that it does
not have it. RabbitMQ 3.10 and NATS 2.9 speak MQTT 3.1.1 only: NATS answers a CONNECT of 5.0 in the format of 3.1.1, RabbitMQ closes.

${table}

${notes.map((note, index) => `${index + 1}. ${note}`).join('\n')}
${ledger === undefined ? '' : ledgerText(ledger)}`;
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

function ledgerText({ accepted, arrived, lost, repeated }: Ledger): string {
  return `
## A node of the cluster killed under load

QoS 1, NATS in a cluster of three with three copies of each stream. The node that the publisher is connected to gets SIGKILL when
a third is sent; publisher and subscriber are \`omqtt\`, and nobody helps them. The session of the subscriber is one that
the broker keeps: in a run with one that ends with the connection, nothing arrived any more after the kill (2046 of 3000 lost).

| accepted | arrived | lost | repeated |
| -------- | ------- | ---- | -------- |
| ${accepted} | ${arrived} | ${lost} | ${repeated} |
`;
}
