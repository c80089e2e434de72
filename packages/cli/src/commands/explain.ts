/** `omqtt explain`: a reason code, a property, a packet type, a statement or an exit code, without a network. */
import { isFailure, mayCarry, packetTypes, propertyTable, reasonName } from '@omqtt/codec';
import { rules } from '@omqtt/inspect';
import { UsageError } from '../cli-error.ts';
import type { Task } from '../command.ts';
import { reasonAdvice } from '../documentation/reason-advice.ts';
import { exitCodeMeanings, exitCodes } from '../exit-codes.ts';
import { json } from '../options/output-options.ts';

interface Explanation {
  readonly kind: 'reason code' | 'property' | 'packet type' | 'statement' | 'exit code';
  readonly title: string;
  readonly lines: readonly string[];
}

export function run({ words, io, settings }: Task): Promise<number> {
  const wanted = words.join(' ').trim();
  const found = [
    ...exits(wanted),
    ...reasons(wanted),
    ...properties(wanted),
    ...packets(wanted),
    ...statements(wanted),
  ];
  if (found.length === 0) {
    throw new UsageError(
      `nothing is known of ${JSON.stringify(wanted)}: try 0x87, "not authorized", PUBACK, content-type, MQTT-3.3.1-4 or exit 6`,
    );
  }
  if (settings.get(json) === true) for (const one of found) io.out.line(JSON.stringify({ v: 1, ...one }));
  else {
    io.out.line(found.map(({ title, lines }) => [title, ...lines.map((line) => `  ${line}`)].join('\n')).join('\n\n'));
  }
  return Promise.resolve(exitCodes.done);
}

function exits(wanted: string): readonly Explanation[] {
  const code = /^exit\s*(?:code\s*)?(\d+)$/i.exec(wanted)?.[1];
  const meaning = exitCodeMeanings[Number(code ?? Number.NaN)];
  return meaning === undefined ? [] : [{ kind: 'exit code', title: `exit code ${code}`, lines: [meaning] }];
}

const carriers = packetTypes.map(({ type }) => type);

function reasons(wanted: string): readonly Explanation[] {
  const isNumber = /^(?:0x[0-9a-f]{1,2}|\d{1,3})$/i.test(wanted);
  return Array.from({ length: 256 }, (_, code) => code).flatMap((code) => {
    const places = carriers.filter((packet) => mayCarry(packet, code, 'either'));
    if (places.length === 0) return [];
    const names = [...new Set([reasonName(code), ...places.map((packet) => reasonName(code, packet))])];
    const isNamed = names.some((name) => name.toLowerCase() === wanted.toLowerCase());
    if (isNumber ? code !== Number(wanted) : !isNamed) return [];
    const title = `0x${code.toString(16).padStart(2, '0')} (${code}) ${names.join(' / ')}`;
    const lines = [
      `${isFailure(code) ? 'failure' : 'success'}, in ${places.map((packet) => packet.toUpperCase()).join(', ')}`,
      ...(reasonAdvice[code] === undefined ? [] : [reasonAdvice[code]]),
    ];
    return [{ kind: 'reason code' as const, title, lines }];
  });
}

function properties(wanted: string): readonly Explanation[] {
  const plain = wanted.toLowerCase().replaceAll(/[^a-z0-9]/g, '');
  if (plain === '') return [];
  return propertyTable
    .filter(({ name }) => {
      const known = name.toLowerCase();
      // The standard says Message Expiry Interval where the client counts messageExpirySeconds.
      return known === plain || known.replace(/seconds$|bytes$/, '') === plain.replace(/interval$|size$/, '');
    })
    .map(({ id, name, kind, repeats, carriers: packetNames }) => ({
      kind: 'property',
      title: `property 0x${id.toString(16).padStart(2, '0')} ${name}`,
      lines: [
        `a ${kind} in ${packetNames.map((packet) => packet.toUpperCase()).join(', ')}`,
        repeats ? 'may come more than once' : 'comes once at most',
      ],
    }));
}

function packets(wanted: string): readonly Explanation[] {
  return packetTypes
    .filter(({ type }) => type === wanted.toLowerCase())
    .map(({ type, number, flags, sender }) => ({
      kind: 'packet type',
      title: `${type.toUpperCase()}, packet type ${number}`,
      lines: [
        `sent by ${sender === 'both' ? 'client and server' : `the ${sender}`}`,
        type === 'publish' ? 'flags: DUP, QoS, RETAIN' : `flags: ${flags.toString(2).padStart(4, '0')}`,
      ],
    }));
}

function statements(wanted: string): readonly Explanation[] {
  const id = wanted.toUpperCase().replace(/^\[|\]$/g, '');
  const full = /^\d/.test(id) ? `MQTT-${id}` : id;
  return rules.flatMap(({ severity, level, ids, message, fix }) =>
    (['5.0', '3.1.1'] as const)
      .filter((version) => ids[version].some((one) => one.toUpperCase() === full))
      .map((version) => ({
        kind: 'statement' as const,
        title: `${full} of MQTT ${version}`,
        lines: [`${severity} (${level}): ${message}`, `what to do: ${fix}`],
      })),
  );
}
