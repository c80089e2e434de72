/** `-D COMMAND PROPERTY VALUE`: all properties of MQTT 5 by the names that mosquitto gives them. */
import { UsageError } from '../cli-error.ts';
import { parseInteger } from './quantities.ts';

export interface RawProperty {
  readonly command: RawCommand;
  /** As the client names it. */
  readonly name: string;
  readonly value: unknown;
}

export type RawCommand = 'connect' | 'publish' | 'will' | 'subscribe' | 'disconnect';

type Kind = 'text' | 'bytes' | 'number' | 'yes-no' | 'pair';

interface Row {
  readonly name: string;
  readonly kind: Kind;
  readonly commands: readonly RawCommand[];
}

const message = ['publish', 'will'] as const;

const rows: Readonly<Record<string, Row>> = {
  'payload-format-indicator': { name: 'payloadFormatIndicator', kind: 'number', commands: message },
  'message-expiry-interval': { name: 'messageExpirySeconds', kind: 'number', commands: message },
  'content-type': { name: 'contentType', kind: 'text', commands: message },
  'response-topic': { name: 'responseTopic', kind: 'text', commands: message },
  'correlation-data': { name: 'correlationData', kind: 'bytes', commands: message },
  'will-delay-interval': { name: 'willDelaySeconds', kind: 'number', commands: ['will'] },
  'session-expiry-interval': { name: 'sessionExpirySeconds', kind: 'number', commands: ['connect', 'disconnect'] },
  'receive-maximum': { name: 'receiveMaximum', kind: 'number', commands: ['connect'] },
  'maximum-packet-size': { name: 'maximumPacketBytes', kind: 'number', commands: ['connect'] },
  'topic-alias-maximum': { name: 'topicAliasMaximum', kind: 'number', commands: ['connect'] },
  'request-problem-information': { name: 'requestProblemInformation', kind: 'yes-no', commands: ['connect'] },
  'request-response-information': { name: 'requestResponseInformation', kind: 'yes-no', commands: ['connect'] },
  'subscription-identifier': { name: 'subscriptionIdentifier', kind: 'number', commands: ['subscribe'] },
  'user-property': {
    name: 'userProperties',
    kind: 'pair',
    commands: ['connect', 'publish', 'will', 'subscribe', 'disconnect'],
  },
};

export function parseRawProperties(given: readonly string[]): readonly RawProperty[] {
  return given.map((text) => {
    const [command = '', property = '', ...values] = wordsOf(text);
    const row = rows[property.toLowerCase()];
    if (row === undefined) {
      throw new UsageError(`has no property ${JSON.stringify(property)}: ${Object.keys(rows).join(', ')}`);
    }
    const known = row.commands.find((name) => name === command.toLowerCase());
    if (known === undefined) {
      throw new UsageError(`${property} belongs to ${row.commands.join(' or ')}, not to ${JSON.stringify(command)}`);
    }
    return { command: known, name: row.name, value: valueOf(row.kind, values) };
  });
}

/** The properties of one command as the client wants them; user properties in their order. */
export function propertiesFor(
  command: RawCommand,
  all: readonly RawProperty[] = [],
): Readonly<Record<string, unknown>> {
  const own = all.filter((property) => property.command === command);
  const user = own.filter(({ name }) => name === 'userProperties').map(({ value }) => value);
  const others = own.filter(({ name }) => name !== 'userProperties').map(({ name, value }) => [name, value] as const);
  return { ...Object.fromEntries(others), ...(user.length > 0 && { userProperties: user }) };
}

/** From the command line as JSON, from elsewhere as words between blanks. */
function wordsOf(text: string): readonly string[] {
  if (text.startsWith('["')) return JSON.parse(text) as string[];
  return text.trim().split(/\s+/);
}

function valueOf(kind: Kind, [first = '', second]: readonly string[]): unknown {
  if (kind === 'number') return parseInteger(first, { most: 0xffff_ffff });
  if (kind === 'yes-no') return parseInteger(first, { most: 1 }) === 1;
  if (kind === 'bytes') return new TextEncoder().encode(first);
  if (kind === 'text') return first;
  if (second === undefined) throw new UsageError('user-property needs a NAME and a VALUE');
  return [first, second];
}
