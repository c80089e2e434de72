/** Where the proxy listens, and where it goes to: URLs of the command line. */
import { InspectorOptionError } from '../inspector-errors.ts';

export type Endpoint =
  | { readonly type: 'tcp' | 'tls'; readonly url: string; readonly host: string; readonly port: number }
  | {
      readonly type: 'ws' | 'wss';
      readonly url: string;
      readonly host: string;
      readonly port: number;
      readonly path: string;
    }
  | { readonly type: 'unix'; readonly url: string; readonly path: string };

const schemes: Readonly<Record<string, { readonly type: Endpoint['type']; readonly port: number }>> = {
  'mqtt:': { type: 'tcp', port: 1883 },
  'tcp:': { type: 'tcp', port: 1883 },
  'mqtts:': { type: 'tls', port: 8883 },
  'tls:': { type: 'tls', port: 8883 },
  'ws:': { type: 'ws', port: 80 },
  'wss:': { type: 'wss', port: 443 },
  'unix:': { type: 'unix', port: 0 },
};

/** `option` is named in the error. */
export function parseEndpoint(option: string, text: string): Endpoint {
  // A URL without a port means the usual one of its scheme, also where a listener wants port 0.
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const scheme = url && Object.hasOwn(schemes, url.protocol) ? schemes[url.protocol] : undefined;
  if (!url || !scheme) {
    const known = Object.keys(schemes).join(', ');
    throw new InspectorOptionError(option, `${JSON.stringify(text)} is no address: write a URL with one of ${known}`);
  }
  if (url.username !== '' || url.password !== '') {
    throw new InspectorOptionError(option, 'Credentials belong to the client: write the address without them.');
  }
  if (scheme.type === 'unix') return { type: 'unix', url: text, path: decodeURIComponent(url.pathname) };
  const host = url.hostname.replace(/^\[|\]$/g, '');
  if (host === '') throw new InspectorOptionError(option, `${JSON.stringify(text)} has no host.`);
  const port = url.port === '' ? scheme.port : Number(url.port);
  if (scheme.type === 'tcp' || scheme.type === 'tls') return { type: scheme.type, url: text, host, port };
  const path = url.pathname === '/' && !text.endsWith('/') ? '/mqtt' : `${url.pathname}${url.search}`;
  return { type: scheme.type, url: text, host, port, path };
}

export function urlOf(endpoint: Endpoint, port: number): string {
  if (endpoint.type === 'unix') return endpoint.url;
  const scheme = { tcp: 'mqtt', tls: 'mqtts', ws: 'ws', wss: 'wss' }[endpoint.type];
  const host = endpoint.host.includes(':') ? `[${endpoint.host}]` : endpoint.host;
  return `${scheme}://${host}:${port}${'path' in endpoint ? endpoint.path : ''}`;
}
