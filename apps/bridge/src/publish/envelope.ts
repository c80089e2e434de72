/** A message as a JSON object: `{"topic": "a/b", "payload": "…", "qos": 1, "properties": {…}}`. */
import type { QoS, UserProperty } from 'omqtt';
import { BridgeProblem, type ProblemDetail } from '../problems/problem.ts';
import {
  MAXIMUM_USER_PROPERTIES,
  type MessageProperties,
  presentProperties,
  type PublishCommand,
  type UserProperties,
} from './publish-command.ts';

export interface Envelope extends PublishCommand {
  readonly idempotencyKey: string | undefined;
}

/** `pointer` is where the envelope stands in the body, such as `/messages/3`. */
export function parseEnvelope(value: unknown, pointer = ''): Envelope {
  const reader = new Reader(pointer);
  const envelope = readEnvelope(reader, reader.object(value, ''));
  if (reader.errors.length === 0) return envelope;
  throw new BridgeProblem('body-invalid', {
    detail: `the message is not valid: ${reader.errors.map((error) => `${error.pointer} ${error.detail}`).join('; ')}`,
    errors: reader.errors,
  });
}

const members = new Set([
  'topic',
  'payload',
  'payloadJson',
  'payloadBase64',
  'qos',
  'retain',
  'properties',
  'waitMs',
  'idempotencyKey',
]);
const propertyNames = new Set([
  'contentType',
  'payloadFormatIndicator',
  'messageExpiryInterval',
  'responseTopic',
  'correlationData',
  'userProperties',
]);

type Members = Readonly<Record<string, unknown>>;

function readEnvelope(reader: Reader, given: Members): Envelope {
  reader.refuseUnknown(given, members, '');
  const topic = reader.text(given['topic'], '/topic') ?? '';
  if (given['topic'] === undefined) reader.add('/topic', 'is missing');
  const qos = reader.oneOf(given['qos'], [0, 1, 2], '/qos') ?? 1;
  const waitMs = reader.integer(given['waitMs'], '/waitMs');
  const idempotencyKey = reader.text(given['idempotencyKey'], '/idempotencyKey');
  return {
    topic,
    payload: readPayload(reader, given),
    qos: qos as QoS,
    retain: reader.boolean(given['retain'], '/retain') ?? false,
    properties: given['properties'] === undefined ? undefined : readProperties(reader, given['properties']),
    waitMs,
    idempotencyKey,
  };
}

const NOTHING = new Uint8Array(0);

function readPayload(reader: Reader, given: Members): Uint8Array {
  const { payload, payloadJson, payloadBase64 } = given;
  const forms = Number(payload !== undefined) + Number(payloadJson !== undefined) + Number(payloadBase64 !== undefined);
  if (forms > 1) {
    reader.add('', 'has more than one of payload, payloadJson and payloadBase64');
    return NOTHING;
  }
  if (payloadJson !== undefined) return reader.json(payloadJson, '/payloadJson') ?? NOTHING;
  if (payloadBase64 !== undefined) return reader.base64(payloadBase64, '/payloadBase64') ?? NOTHING;
  const text = reader.text(payload, '/payload');
  return text === undefined || text === '' ? NOTHING : Buffer.from(text);
}

function readProperties(reader: Reader, value: unknown): MessageProperties | undefined {
  const given = reader.object(value, '/properties');
  reader.refuseUnknown(given, propertyNames, '/properties');
  const indicator = reader.oneOf(given['payloadFormatIndicator'], [0, 1], '/properties/payloadFormatIndicator');
  return presentProperties({
    contentType: reader.text(given['contentType'], '/properties/contentType'),
    payloadFormatIndicator: indicator as 0 | 1 | undefined,
    messageExpirySeconds: reader.integer(given['messageExpiryInterval'], '/properties/messageExpiryInterval'),
    responseTopic: reader.text(given['responseTopic'], '/properties/responseTopic'),
    correlationData: reader.base64(given['correlationData'], '/properties/correlationData'),
    userProperties: readUserProperties(reader, given['userProperties']),
  });
}

/** A map, or pairs where order and repeated names count. */
function readUserProperties(reader: Reader, value: unknown): UserProperties | undefined {
  if (value === undefined) return undefined;
  const where = '/properties/userProperties';
  const pairs = Array.isArray(value) ? (value as unknown[]) : Object.entries(reader.object(value, where));
  const isSound = pairs.every((pair) => Array.isArray(pair) && pair.length === 2 && pair.every(isText));
  if (!isSound) reader.add(where, 'is a map of texts, or a list of pairs of texts');
  if (pairs.length > MAXIMUM_USER_PROPERTIES) reader.add(where, `has more than ${MAXIMUM_USER_PROPERTIES} entries`);
  return pairs as readonly UserProperty[];
}

function isText(value: unknown): boolean {
  return typeof value === 'string';
}

const LARGEST_UINT32 = 4_294_967_295;

/** Reads values that may be anything, and remembers each one that is wrong. */
class Reader {
  readonly errors: ProblemDetail[] = [];
  readonly #pointer: string;

  constructor(pointer: string) {
    this.#pointer = pointer;
  }

  add(where: string, detail: string): void {
    this.errors.push({ pointer: `${this.#pointer}${where}`, detail });
  }

  object(value: unknown, where: string): Members {
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Members;
    this.add(where, 'is an object');
    return {};
  }

  refuseUnknown(given: Members, known: ReadonlySet<string>, where: string): void {
    for (const name in given) {
      if (!known.has(name)) this.add(`${where}/${name.slice(0, 100)}`, 'is not known');
    }
  }

  text(value: unknown, where: string): string | undefined {
    if (value === undefined || typeof value === 'string') return value;
    this.add(where, 'is a text');
    return undefined;
  }

  boolean(value: unknown, where: string): boolean | undefined {
    if (value === undefined || typeof value === 'boolean') return value;
    this.add(where, 'is true or false');
    return undefined;
  }

  oneOf(value: unknown, allowed: readonly number[], where: string): number | undefined {
    if (value === undefined) return undefined;
    if (typeof value === 'number' && allowed.includes(value)) return value;
    this.add(where, `is one of ${allowed.join(', ')}`);
    return undefined;
  }

  integer(value: unknown, where: string): number | undefined {
    if (value === undefined) return undefined;
    if (typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= LARGEST_UINT32) return value;
    this.add(where, 'is a whole number that is not negative');
    return undefined;
  }

  /** What could be read cannot always be written: that needs stack for each level. */
  json(value: unknown, where: string): Uint8Array | undefined {
    try {
      return Buffer.from(JSON.stringify(value));
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      this.add(where, 'is nested too deeply');
      return undefined;
    }
  }

  base64(value: unknown, where: string): Uint8Array | undefined {
    if (value === undefined) return undefined;
    if (typeof value === 'string' && /^[\w+/-]*={0,2}$/.test(value)) return Buffer.from(value, 'base64');
    this.add(where, 'is base64');
    return undefined;
  }
}
