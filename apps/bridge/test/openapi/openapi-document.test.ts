import { Validator } from '@seriousme/openapi-schema-validator';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import * as fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { type OperationFacts, operationsOf } from '../../src/openapi/docs-page.ts';
import type { OpenApiDocument } from '../../src/openapi/openapi-document.ts';
import { printedOpenApi } from '../../src/openapi/print-openapi.ts';
import { problemKinds } from '../../src/problems/problem-kinds.ts';
import { parseEnvelope } from '../../src/publish/envelope.ts';
import { aBridge } from '../a-bridge.ts';
import { examplesOf } from './document-examples.ts';

let text = '';
let document: OpenApiDocument;

beforeAll(async () => {
  text = await printedOpenApi();
  document = JSON.parse(text) as OpenApiDocument;
});

describe('the OpenAPI document', () => {
  test('is valid OpenAPI 3.1', async () => {
    const validator = new Validator();
    expect(await validator.validate(text)).toEqual({ valid: true });
    expect(validator.version).toBe('3.1');
  });

  test('is served as JSON and YAML to callers without credentials, and printed by the command', async () => {
    const key = { id: 'one', role: 'all', secrets: [{ sha256: '0'.repeat(64) }] };
    const roles = { all: { rules: [{ actions: ['publish' as const], filters: ['#'] }] } };
    const bridge = await aBridge({ access: { keys: [key], roles } });
    for (const path of ['/openapi.json', '/v1/openapi.json']) {
      const { status, body } = await bridge.call('GET', path);
      expect([status, body]).toEqual([200, document]);
    }
    const yaml = await bridge.call('GET', '/openapi.yaml');
    expect(yaml.headers.get('content-type')).toBe('application/yaml; charset=utf-8');
    const { parse } = await import('yaml');
    expect(parse(yaml.text)).toEqual(document);
    expect((await bridge.call('GET', '/v1/whoami')).status).toBe(401);
    const bin = join(import.meta.dirname, '../../src/bin.ts');
    const printed = execFileSync(process.execPath, ['--conditions=@omqtt/source', bin, 'print-openapi'], {
      encoding: 'utf8',
    });
    expect(JSON.parse(printed)).toEqual(document);
  });

  test('describes every problem with its status, as problem+json', () => {
    const described = Object.fromEntries(operationsOf(document).flatMap(({ about }) => problemsOf(about)));
    // These belong to no operation: paths and methods that do not exist, and callers that nothing can be told any more.
    const elsewhere = ['not-found', 'method-not-allowed', 'client-closed'];
    const expected = Object.entries(problemKinds)
      .filter(([code]) => !elsewhere.includes(code))
      .map(([code, { status }]) => [code, String(status)]);
    expect(described).toEqual(Object.fromEntries(expected));
  });

  test('has an example of each operation, and each operation has a name of its own', () => {
    const operations = Object.values(document.paths).flatMap((item) => Object.values(item));
    const ids = operations.flatMap((one) => (Array.isArray(one) ? [] : [(one as { operationId: string }).operationId]));
    expect(ids.length).toBeGreaterThan(15);
    expect(new Set(ids).size).toBe(ids.length);
    expect(examplesOf(document).length).toBeGreaterThan(ids.length);
  });
});

describe('the schema of an envelope', () => {
  test('accepts what the bridge accepts, and nothing else', () => {
    const isValid = validatorOf({ $ref: '#/components/schemas/Envelope' });
    let accepted = 0;
    fc.assert(
      fc.property(anEnvelope, (envelope) => {
        const value = JSON.parse(JSON.stringify(envelope)) as unknown;
        const bySchema = isValid(value);
        if (bySchema) accepted += 1;
        expect([value, bySchema]).toEqual([value, isAccepted(value)]);
      }),
      { numRuns: 2000 },
    );
    expect(accepted).toBeGreaterThan(100);
  });
});

/** Codes and their statuses. */
function problemsOf({ responses }: OperationFacts): readonly (readonly [string, string])[] {
  return Object.entries(responses).flatMap(([status, { content }]) => {
    const found = JSON.stringify(content?.['application/problem+json'] ?? {});
    return Object.keys(problemKinds)
      .filter((code) => found.includes(`"${code}"`))
      .map((code) => [code, status] as const);
  });
}

function isAccepted(value: unknown): boolean {
  try {
    // The schema knows of the empty topic, which is refused later here.
    return parseEnvelope(value).topic !== '';
  } catch {
    return false;
  }
}

function validatorOf(schema: object): ValidateFunction {
  const ajv = new Ajv2020({ strict: false, validateFormats: false });
  return ajv.compile({ ...schema, components: document.components });
}

const rarely = <Value>(value: fc.Arbitrary<Value>): fc.Arbitrary<Value | undefined> =>
  fc.option(value, { nil: undefined, freq: 2 });
const mostly = (value: fc.Arbitrary<unknown>, wrong: fc.Arbitrary<unknown> = fc.anything()): fc.Arbitrary<unknown> =>
  fc.oneof({ arbitrary: value, weight: 30 }, { arbitrary: wrong, weight: 1 });
const aText = mostly(fc.string(), fc.oneof(fc.integer(), fc.constant(null)));
const aNumber = mostly(fc.nat(), fc.constantFrom(-1, 1.5, 4_294_967_295, 4_294_967_296, '1', null));

const anEnvelope = mostly(
  fc.record(
    {
      topic: mostly(fc.string({ minLength: 1 }), fc.constantFrom('', 1, null, undefined)),
      payload: rarely(rarely(aText)),
      payloadJson: rarely(rarely(fc.jsonValue())),
      payloadBase64: rarely(rarely(mostly(fc.base64String(), fc.constantFrom('a b', '====', 7, '_-')))),
      qos: mostly(fc.constantFrom(0, 1, 2, undefined), fc.constantFrom(3, -1, '1', null, true)),
      retain: mostly(fc.boolean(), fc.constantFrom('true', 1, null)),
      waitMs: aNumber,
      idempotencyKey: aText,
      properties: mostly(
        fc.record(
          {
            contentType: aText,
            payloadFormatIndicator: mostly(fc.constantFrom(0, 1), fc.constantFrom(2, '1', null)),
            messageExpiryInterval: aNumber,
            responseTopic: aText,
            correlationData: mostly(fc.base64String(), fc.constantFrom('é', 1)),
            userProperties: mostly(
              fc.oneof(
                fc.dictionary(fc.string(), fc.string(), { noNullPrototype: true }),
                fc.array(fc.tuple(fc.string(), fc.string())),
              ),
              fc.constantFrom([['a']], [['a', 1]], { a: 1 }, null, 'a', [[]]),
            ),
            more: rarely(rarely(rarely(fc.string()))),
          },
          { requiredKeys: [] },
        ),
        fc.constantFrom(null, [], 'a'),
      ),
    },
    { requiredKeys: ['topic'] },
  ),
  fc.constantFrom(null, [], 'a', 1, {}),
);
