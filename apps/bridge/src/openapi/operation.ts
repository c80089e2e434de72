/** One route as an operation of OpenAPI. Examples of request and answer have the same name wherever they stand. */
import { problemAnswers } from './problem-answers.ts';
import type { DescribedRoute } from './route-catalog.ts';
import type { Answer, Content, JsonSchema, RouteExample } from './route-schema.ts';

export function operationOf({ method, url, schema }: DescribedRoute): JsonSchema {
  const { summary, description, tags, examples = [], problems = [] } = schema;
  const parameters = [
    ...parametersIn('path', schema.params ?? pathParameters(url), examples),
    ...parametersIn('query', schema.querystring, examples),
    ...parametersIn('header', schema.headers, examples),
  ];
  return {
    operationId: schema.operationId ?? nameOf(method, url),
    ...(summary !== undefined && { summary }),
    ...(description !== undefined && { description }),
    ...(tags !== undefined && { tags }),
    ...(parameters.length > 0 && { parameters }),
    ...(schema.body !== undefined && { requestBody: requestBody(schema.body as JsonSchema, examples) }),
    responses: responsesOf((schema.response ?? {}) as Readonly<Record<string, JsonSchema>>, problems, examples),
  };
}

/** `/topics/*` and `/messages/:id` with braces. */
export function pathOf(url: string): string {
  return url.replace(/\*$/, '{topic}').replaceAll(/:(\w+)/g, '{$1}');
}

/** `post-publish-batch`, where a route has no better name. */
function nameOf(method: string, url: string): string {
  return `${method.toLowerCase()}${url
    .replace(/^\/v1/, '')
    .replaceAll(/[^\w]+/g, '-')
    .replace(/-$/, '')}`;
}

function pathParameters(url: string): JsonSchema {
  const names = [...pathOf(url).matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name);
  return { properties: Object.fromEntries(names.map((name) => [name, { type: 'string' }])) };
}

type Place = 'path' | 'query' | 'header';

function parametersIn(place: Place, schema: unknown, examples: readonly RouteExample[]): readonly JsonSchema[] {
  const { properties = {}, required = [] } = (schema ?? {}) as {
    readonly properties?: Readonly<Record<string, JsonSchema>>;
    readonly required?: readonly string[];
  };
  return Object.entries(properties).map(([name, { description, ...inner }]) => {
    const shown = examplesOf(examples, (example) => valueIn(example, place, name));
    return {
      name,
      in: place,
      ...(description !== undefined && { description }),
      ...((place === 'path' || required.includes(name)) && { required: true }),
      schema: inner,
      ...shown,
    };
  });
}

function valueIn({ path, query, headers }: RouteExample, place: Place, name: string): unknown {
  return { path, query, header: headers }[place]?.[name];
}

function requestBody(body: JsonSchema, examples: readonly RouteExample[]): JsonSchema {
  const { content, description, required = true } = contentOf(body);
  const [mediaType] = Object.keys(content);
  const filled = Object.entries(content).map(([type, inner]) => {
    const own = examples.filter((example) => (mediaTypeOf(example) ?? mediaType) === type);
    return [type, { ...inner, ...examplesOf(own, (example) => example.body) }];
  });
  return {
    ...(description !== undefined && { description }),
    required,
    content: Object.fromEntries(filled) as Content,
  };
}

function mediaTypeOf({ headers }: RouteExample): string | undefined {
  return headers?.['Content-Type'];
}

function contentOf(body: JsonSchema): { content: Content; description?: unknown; required?: unknown } {
  if ('content' in body) return body as { content: Content };
  return { content: { 'application/json': { schema: body } } };
}

function responsesOf(
  own: Readonly<Record<string, JsonSchema>>,
  problems: Parameters<typeof problemAnswers>[0],
  examples: readonly RouteExample[],
): JsonSchema {
  const answers = new Map<string, JsonSchema>();
  for (const [status, answer] of Object.entries(own)) answers.set(status, ownAnswer(status, answer));
  for (const [status, answer] of problemAnswers(problems)) {
    // A status of its own may also tell of a problem.
    if (!answers.has(String(status))) answers.set(String(status), answer);
  }
  const sorted = [...answers].toSorted(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(sorted.map(([status, answer]) => [status, withExamples(status, answer, examples)]));
}

function ownAnswer(status: string, answer: JsonSchema): JsonSchema {
  const isBare = !('content' in answer) && ('type' in answer || '$ref' in answer);
  if (isBare) return { description: `Status ${status}.`, content: { 'application/json': { schema: answer } } };
  const { headers, ...rest } = answer as unknown as Answer;
  if (headers === undefined) return { ...rest };
  const described = Object.entries(headers).map(([name, { description, ...schema }]) => {
    return [name, { ...(description !== undefined && { description }), schema }] as const;
  });
  return { ...rest, headers: Object.fromEntries(described) };
}

/** `x-examples` names them where the answer has no body to show. */
function withExamples(status: string, answer: JsonSchema, examples: readonly RouteExample[]): JsonSchema {
  const own = examples.filter((example) => String(example.status) === status);
  if (own.length === 0) return answer;
  const names = own.map(({ name }) => name);
  const { content } = answer as { content?: Content };
  if (content === undefined) return { ...answer, 'x-examples': names };
  const filled = Object.entries(content).map(([type, inner]) => {
    return [type, { ...inner, ...examplesOf(own, (example) => shownAs(type, example, content)) }];
  });
  return { ...answer, 'x-examples': names, content: Object.fromEntries(filled) as Content };
}

/** The one of several media types that the example has asked for. */
function shownAs(type: string, { headers, answer }: RouteExample, content: Content): unknown {
  const [first] = Object.keys(content);
  const asked = headers?.['Accept'];
  return type === (asked !== undefined && asked in content ? asked : first) ? answer : undefined;
}

function examplesOf(examples: readonly RouteExample[], valueOf: (example: RouteExample) => unknown): JsonSchema {
  const shown = examples.flatMap((example) => {
    const value = valueOf(example);
    return value === undefined ? [] : [[example.name, { value }] as const];
  });
  return shown.length === 0 ? {} : { examples: Object.fromEntries(shown) };
}
