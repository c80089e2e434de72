/** An example of the document as a line for a shell. */
import type { OperationFacts, Parameter } from './docs-page.ts';

export interface CurlParts {
  readonly method: string;
  /** With the origin before it. */
  readonly path: string;
  readonly about: OperationFacts;
  /** Of the example. */
  readonly name: string;
}

export function curlLine({ method, path, about, name }: CurlParts): string {
  const values = (about.parameters ?? []).flatMap((parameter) => valuesOf(parameter, name));
  const filled = path.replaceAll(/\{(\w+)\}/g, (_match, key: string) => {
    const found = values.find((one) => one.place === 'path' && one.name === key);
    return encodeURIComponent(found?.value ?? '').replaceAll('%2F', '/');
  });
  const query = values
    .filter(({ place }) => place === 'query')
    .map((one) => `${one.name}=${encodeURIComponent(one.value)}`)
    .join('&');
  const body = bodyOf(about, name);
  const accept = acceptFor(about, name);
  const words = [
    'curl',
    method === 'HEAD' ? '-I' : `-X ${method}`,
    quoted(query === '' ? filled : `${filled}?${query}`),
    ...values.filter(({ place }) => place === 'header').map((one) => `-H ${quoted(`${one.name}: ${one.value}`)}`),
    ...(accept === undefined ? [] : [`-H ${quoted(`Accept: ${accept}`)}`]),
    ...(body === undefined ? [] : [`-H ${quoted(`Content-Type: ${body.type}`)}`, `--data-binary ${quoted(body.text)}`]),
  ];
  return words.join(' ');
}

interface ParameterValue {
  readonly name: string;
  readonly place: string;
  readonly value: string;
}

function valuesOf({ name, in: place, examples }: Parameter, example: string): readonly ParameterValue[] {
  const value = examples?.[example]?.value;
  if (value === undefined) return [];
  // As the examples of routes have them.
  return ([value].flat() as string[]).map((one) => ({ name, place, value: one }));
}

function bodyOf({ requestBody }: OperationFacts, name: string): { type: string; text: string } | undefined {
  for (const [type, { examples }] of Object.entries(requestBody?.content ?? {})) {
    const value = examples?.[name]?.value;
    if (value === undefined) continue;
    return {
      type: type === '*/*' ? 'text/plain' : type,
      text: typeof value === 'string' ? value : JSON.stringify(value),
    };
  }
  return undefined;
}

/** What has to be asked for, because something else would come. */
export function acceptFor({ responses }: OperationFacts, name: string): string | undefined {
  for (const { content = {} } of Object.values(responses)) {
    const index = Object.values(content).findIndex(({ examples }) => examples?.[name] !== undefined);
    if (index > 0) return Object.keys(content)[index];
  }
  return undefined;
}

/** Nothing in it means anything to the shell. */
function quoted(value: string): string {
  return `'${value.replaceAll("'", String.raw`'\''`)}'`;
}
