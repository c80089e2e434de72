/** The OpenAPI document of the bridge, from what its routes say about themselves. */
import { components } from './components.ts';
import { operationOf, pathOf } from './operation.ts';
import type { DescribedRoute } from './route-catalog.ts';
import type { JsonSchema } from './route-schema.ts';

export interface OpenApiDocument {
  readonly openapi: string;
  readonly info: { readonly title: string; readonly version: string; readonly description: string };
  readonly servers: readonly JsonSchema[];
  readonly tags: readonly { readonly name: string; readonly description: string }[];
  readonly security: readonly JsonSchema[];
  readonly paths: Readonly<Record<string, PathItem>>;
  readonly components: JsonSchema;
}

/** Operations by method, and `servers` where they are not those of the document. */
export type PathItem = Readonly<Record<string, JsonSchema | readonly JsonSchema[]>>;

const BASE = '/v1';
const BROKER_BASE = '/v1/brokers/:broker/';
/** What a path of OpenAPI 3.1 can have; QUERY is told of where it exists. */
const methods: ReadonlySet<string> = new Set(['GET', 'PUT', 'POST', 'DELETE', 'HEAD', 'PATCH']);

const tags = [
  { name: 'publish', description: 'Messages to the broker.' },
  { name: 'read', description: 'What the broker retains.' },
  { name: 'ask', description: 'Requests that somebody answers over MQTT.' },
  { name: 'follow', description: 'Messages as they come.' },
  { name: 'about', description: 'The caller, the brokers, and what became of messages.' },
];

const description = `An HTTP gateway to MQTT. The status says what was guaranteed: 200 means that the broker has the message, and every
problem says with \`outcome\` whether it was sent.

Paths that need no broker's name mean the first one that is configured; the second server means any by its name.`;

export function openApiDocument(routes: readonly DescribedRoute[]): OpenApiDocument {
  return {
    openapi: '3.1.0',
    info: { title: 'ΩQTT bridge', version: '1.0.0', description },
    servers: [
      { url: BASE, description: 'The first broker.' },
      {
        url: '/v1/brokers/{broker}',
        description: 'A broker by its name.',
        variables: { broker: { default: 'default', description: 'As in `GET /v1/brokers`.' } },
      },
    ],
    tags,
    // Any of them; none where access is open.
    security: [{ bearer: [] }, { apiKey: [] }, { basic: [] }, {}],
    paths: pathsOf(routes),
    components,
  };
}

function pathsOf(routes: readonly DescribedRoute[]): OpenApiDocument['paths'] {
  const ofBrokers = new Set(
    routes.filter(({ url }) => url.startsWith(BROKER_BASE)).map(({ url }) => url.slice(BROKER_BASE.length - 1)),
  );
  const paths: Record<string, Record<string, JsonSchema | readonly JsonSchema[]>> = {};
  for (const route of routes) {
    if (!route.url.startsWith(`${BASE}/`) || route.url.startsWith(BROKER_BASE) || !methods.has(route.method)) continue;
    const url = route.url.slice(BASE.length);
    const item = (paths[pathOf(url)] ??= ofBrokers.has(url) ? {} : { servers: [{ url: BASE }] });
    item[route.method.toLowerCase()] = operationOf(route);
  }
  return paths;
}
