/**
 * What a route says about itself in the `schema` of Fastify: the OpenAPI document is made of it, and of nothing else. The
 * parsers check what comes in, so that each problem has its pointer; a test holds both against each other.
 */
import type { ProblemCode } from '../problems/problem-kinds.ts';

export type JsonSchema = Readonly<Record<string, unknown>>;

/** By media type. */
export type Content = Readonly<Record<string, { readonly schema: JsonSchema }>>;

export interface Answer {
  readonly description: string;
  /** By name: the schema of each, with a description in it. */
  readonly headers?: Readonly<Record<string, JsonSchema>>;
  readonly content?: Content;
}

/** A request and its answer; a test sends it to a bridge. */
export interface RouteExample {
  readonly name: string;
  readonly path?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string | readonly string[]>>;
  readonly headers?: Readonly<Record<string, string>>;
  /** A text where the body is no JSON. */
  readonly body?: unknown;
  readonly status: number;
  /** The body of the answer; absent where there is none. */
  readonly answer?: unknown;
}

declare module 'fastify' {
  /**
   * Beside `params`, `querystring` and `headers`, which are schemas of objects, `body`, which is one or `{content}` by
   * media type, and `response`, which has an `Answer` or a schema by status.
   */
  interface FastifySchema {
    readonly operationId?: string;
    readonly summary?: string;
    readonly description?: string;
    readonly tags?: readonly string[];
    /** Beside those that every route has. */
    readonly problems?: readonly ProblemCode[];
    readonly examples?: readonly RouteExample[];
  }
}

/** One of the schemas in `components.ts`. */
export function ref(name: string): JsonSchema {
  return { $ref: `#/components/schemas/${name}` };
}

export function json(schema: JsonSchema): Content {
  return { 'application/json': { schema } };
}
