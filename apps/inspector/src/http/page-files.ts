/** The files of the page, read once: a request cannot name any other. */
import { readdirSync, readFileSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { extname, join } from 'node:path';

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.json': 'application/json',
};

export interface PageFile {
  readonly type: string;
  readonly bytes: Uint8Array;
}

export type PageFiles = ReadonlyMap<string, PageFile>;

const fallback = `<!doctype html><meta charset="utf-8"><title>Inspector</title>
<p>The inspector runs, but its page has not been built. The API is at <code>/api/</code>.</p>`;

/** By the path of their URL. */
export function readPageFiles(folder: string): PageFiles {
  const files = new Map<string, PageFile>();
  for (const path of namesIn(folder)) {
    const type = types[extname(path)];
    if (type !== undefined) files.set(`/${path}`, { type, bytes: readFileSync(join(folder, path)) });
  }
  const index = files.get('/index.html') ?? { type: types['.html'] ?? '', bytes: Buffer.from(fallback) };
  return files.set('/', index);
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((path) => path.replaceAll('\\', '/'));
  } catch {
    // From its sources the inspector also runs before the page was built.
    return [];
  }
}

const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "worker-src 'self'",
  "style-src 'self'",
  "img-src 'self' blob:",
  "connect-src 'self'",
  "font-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
].join('; ');

/** On every answer. */
export const securityHeaders: Readonly<Record<string, string>> = {
  'content-security-policy': policy,
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'x-frame-options': 'DENY',
  'cache-control': 'no-store',
};

export function sendPageFile(response: ServerResponse, { type, bytes }: PageFile, isHead: boolean): void {
  response.writeHead(200, { ...securityHeaders, 'content-type': type, 'content-length': bytes.length });
  response.end(isHead ? undefined : bytes);
}
