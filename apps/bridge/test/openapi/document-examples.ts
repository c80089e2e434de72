/** The examples of an OpenAPI document as requests with their answers: they have one name wherever their parts stand. */
import type { OpenApiDocument } from '../../src/openapi/openapi-document.ts';
import { acceptFor } from '../../src/openapi/curl-line.ts';
import { operationsOf, type OperationFacts, type Parameter } from '../../src/openapi/docs-page.ts';

export interface DocumentExample {
  readonly title: string;
  readonly name: string;
  readonly method: string;
  /** With the query. */
  readonly path: string;
  readonly template: string;
  readonly about: OperationFacts;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
  readonly status: number;
  readonly mediaType: string | undefined;
  readonly answer: unknown;
  readonly answerSchema: unknown;
}

export function examplesOf(document: OpenApiDocument): readonly DocumentExample[] {
  return operationsOf(document).flatMap(({ method, path, about }) => {
    return Object.entries(about.responses).flatMap(([status, answer]) => {
      return (answer['x-examples'] ?? []).map((name) => {
        const [mediaType, shown] =
          Object.entries(answer.content ?? {}).find(([, { examples }]) => examples?.[name] !== undefined) ?? [];
        return {
          ...requestOf({ path, about, name }),
          title: `${method} ${path} ${status} ${name}`,
          name,
          method,
          about,
          template: path,
          mediaType,
          status: Number(status),
          answer: shown?.examples?.[name]?.value,
          answerSchema: shown?.schema,
        };
      });
    });
  });
}

interface Wanted {
  readonly path: string;
  readonly about: OperationFacts;
  readonly name: string;
}

function requestOf({ path, about, name }: Wanted): Pick<DocumentExample, 'path' | 'headers' | 'body'> {
  const given = (about.parameters ?? []).filter(({ examples }) => examples?.[name] !== undefined);
  const valueOf = (parameter: Parameter | undefined): unknown => parameter?.examples?.[name]?.value;
  const filled = path.replaceAll(/\{(\w+)\}/g, (_match, key: string) => {
    return encodeURIComponent(String(valueOf(given.find((one) => one.in === 'path' && one.name === key))));
  });
  const query = new URLSearchParams();
  const headers: Record<string, string> = {};
  for (const parameter of given) {
    for (const value of [valueOf(parameter)].flat()) {
      if (parameter.in === 'query') query.append(parameter.name, String(value));
      if (parameter.in === 'header') headers[parameter.name] = String(value);
    }
  }
  const [type, sent] =
    Object.entries(about.requestBody?.content ?? {}).find(([, { examples }]) => examples?.[name] !== undefined) ?? [];
  const body = sent?.examples?.[name]?.value;
  const accept = acceptFor(about, name);
  if (accept !== undefined) headers['Accept'] = accept;
  if (type !== undefined) headers['Content-Type'] = type === '*/*' ? 'text/plain' : type;
  return {
    path: query.size === 0 ? filled : `${filled}?${query.toString()}`,
    headers,
    body: body === undefined || typeof body === 'string' ? body : JSON.stringify(body),
  };
}
