/** The document as a page to read: one file without scripts, which needs nothing from anywhere. */
import { createHash } from 'node:crypto';
import { curlLine } from './curl-line.ts';
import type { OpenApiDocument } from './openapi-document.ts';
import type { JsonSchema } from './route-schema.ts';

const style = `:root{color-scheme:light dark;--line:light-dark(#d8dee4,#30363d);--soft:light-dark(#f6f8fa,#161b22)}
body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}
code,pre{font:14px/1.45 ui-monospace,monospace}
pre{background:var(--soft);padding:.75rem;overflow-x:auto;border-radius:6px}
table{border-collapse:collapse;width:100%}td,th{border-bottom:1px solid var(--line);padding:.3rem .5rem;text-align:left;vertical-align:top}
details{border:1px solid var(--line);border-radius:6px;margin:.5rem 0;padding:.5rem .75rem}
summary{cursor:pointer}summary b{display:inline-block;min-width:4rem}h2{margin-top:2rem}
.doc{white-space:pre-line}`;

/** Only this style, and nothing else at all. */
export const pagePolicy = [
  "default-src 'none'",
  `style-src 'sha256-${createHash('sha256').update(style).digest('base64')}'`,
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

interface Operation {
  readonly method: string;
  readonly path: string;
  readonly about: OperationFacts;
}

export interface OperationFacts {
  readonly summary?: string;
  readonly description?: string;
  readonly tags?: readonly string[];
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: { readonly content: ShownContent };
  readonly responses: Readonly<Record<string, ShownAnswer>>;
}

export interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly description?: string;
  readonly required?: boolean;
  readonly schema: JsonSchema;
  readonly examples?: Examples;
}

export interface ShownAnswer {
  readonly description: string;
  readonly content?: ShownContent;
  readonly 'x-examples'?: readonly string[];
}

type Examples = Readonly<Record<string, { readonly value: unknown }>>;
type ShownContent = Readonly<Record<string, { readonly schema: JsonSchema; readonly examples?: Examples }>>;

export function docsPage(document: OpenApiDocument, origin: string): string {
  const { info, tags, components } = document;
  const operations = operationsOf(document);
  const sections = tags.map(({ name, description }) => {
    const own = operations.filter(({ about }) => about.tags?.includes(name) === true);
    return own.length === 0 ? '' : `<h2>${html(name)}</h2><p>${html(description)}</p>${own.map(one).join('')}`;
  });
  const untagged = operations.filter(({ about }) => !tags.some(({ name }) => about.tags?.includes(name) === true));
  const schemas = Object.entries(components['schemas'] as Readonly<Record<string, JsonSchema>>);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${html(info.title)}</title>
<style>${style}</style>
</head>
<body>
<h1>${html(info.title)}</h1>
<p class="doc">${prose(info.description)}</p>
<p>The same for programs: <a href="/openapi.json">openapi.json</a>, <a href="/openapi.yaml">openapi.yaml</a>.</p>
${sections.join('\n')}
${untagged.length === 0 ? '' : `<h2>more</h2>${untagged.map(one).join('')}`}
<h2>Schemas</h2>
${schemas.map(([name, schema]) => `<details id="${html(name)}"><summary>${html(name)}</summary>${code(schema)}</details>`).join('\n')}
</body>
</html>
`;

  function one(operation: Operation): string {
    return operationSection(operation, origin);
  }
}

export function operationsOf({ paths }: OpenApiDocument): readonly Operation[] {
  return Object.entries(paths).flatMap(([path, item]) => {
    const methods = Object.entries(item).filter(([name]) => name !== 'servers');
    return methods.map(([method, about]) => ({
      method: method.toUpperCase(),
      path: `/v1${path}`,
      about: about as unknown as OperationFacts,
    }));
  });
}

function operationSection({ method, path, about }: Operation, origin: string): string {
  const { summary = '', description, parameters = [], responses } = about;
  const lines = Object.values(responses)
    .flatMap((answer) => answer['x-examples'] ?? [])
    .map((name) => curlLine({ method, path: `${origin}${path}`, about, name }));
  return `<details>
<summary><b>${html(method)}</b> <code>${html(path)}</code> ${html(summary)}</summary>
${description === undefined ? '' : `<p class="doc">${prose(description)}</p>`}
${lines.length === 0 ? '' : `<pre>${lines.map(html).join('\n')}</pre>`}
${parameters.length === 0 ? '' : parameterTable(parameters)}
${bodySection(about)}
<table><tr><th>Status</th><th>Meaning</th></tr>${Object.entries(responses).map(answerRow).join('')}</table>
</details>`;
}

function parameterTable(parameters: readonly Parameter[]): string {
  const rows = parameters.map(({ name, in: place, description = '', required = false, schema }) => {
    const mark = required ? ' (required)' : '';
    return `<tr><td><code>${html(name)}</code></td><td>${place}${mark}</td><td><code>${html(typeText(schema))}</code> ${prose(description)}</td></tr>`;
  });
  return `<table><tr><th>Parameter</th><th>In</th><th>Meaning</th></tr>${rows.join('')}</table>`;
}

function typeText(schema: JsonSchema): string {
  const { type = '', enum: words, default: usual } = schema as { type?: string; enum?: unknown[]; default?: unknown };
  const what = words === undefined ? type : words.join(' | ');
  return usual === undefined ? what : `${what}, default ${JSON.stringify(usual)}`;
}

function bodySection({ requestBody }: OperationFacts): string {
  if (requestBody === undefined) return '';
  const types = Object.entries(requestBody.content).map(([type, { schema }]) => {
    return `<code>${html(type)}</code>${referenceTo(schema)}`;
  });
  return `<p>Body: ${types.join(', ')}</p>`;
}

function answerRow([status, { description, content = {} }]: [string, ShownAnswer]): string {
  const types = Object.entries(content).map(([type, { schema, examples = {} }]) => {
    const shown = Object.values(examples).map(({ value }) => (typeof value === 'string' ? text(value) : code(value)));
    return `<div><code>${html(type)}</code>${referenceTo(schema)}${shown.join('')}</div>`;
  });
  return `<tr><td>${status}</td><td><div class="doc">${prose(description)}</div>${types.join('')}</td></tr>`;
}

function referenceTo({ $ref }: JsonSchema): string {
  const name = typeof $ref === 'string' ? $ref.split('/').pop() : undefined;
  return name === undefined ? '' : ` <a href="#${html(name)}">${html(name)}</a>`;
}

function code(value: unknown): string {
  return text(JSON.stringify(value, null, 2));
}

function text(value: string): string {
  return `<pre>${html(value)}</pre>`;
}

/** What stands between backticks is code; nothing else is special. */
function prose(value: string): string {
  return html(value).replaceAll(/`([^`]+)`/g, '<code>$1</code>');
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function html(value: string): string {
  return value.replaceAll(/[&<>"']/g, (character) => entities[character] ?? character);
}
