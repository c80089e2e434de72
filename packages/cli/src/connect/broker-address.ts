/** Which broker to talk to: the URL, from whatever was said about it. */
import { UsageError } from '../cli-error.ts';
import { ciphers, psk } from '../options/cipher-options.ts';
import * as address from '../options/address-options.ts';
import * as security from '../options/tls-options.ts';
import { srv } from '../options/network-options.ts';
import type { Settings } from '../options/settings.ts';

export interface BrokerAddress {
  readonly url: string;
  /** mosquitto lets the path of an mqtt URL name the topic. */
  readonly topic: string | undefined;
}

export function brokerAddress(settings: Settings): BrokerAddress {
  const given = settings.get(address.url);
  if (given !== undefined && !settings.isFromCommandLine(address.host)) return fromUrl(given, settings);
  const unix = settings.get(address.unix);
  if (unix !== undefined) return { url: `unix:${unix}`, topic: undefined };
  return { url: fromParts(settings), topic: undefined };
}

/** Where to connect to, the first to try first: several only where a domain names its servers. */
export async function brokerUrls(settings: Settings): Promise<readonly string[]> {
  if (settings.get(srv) !== true) return [brokerAddress(settings).url];
  const domain = settings.get(address.host);
  if (domain === undefined || settings.isFromCommandLine(address.url)) {
    throw new UsageError('-S asks for the servers of a domain: name it with -h');
  }
  const { serversOf } = await import('./srv-records.ts');
  return serversOf(domain, isSecure(settings, undefined) ? 'mqtts' : 'mqtt');
}

function fromUrl(given: string, settings: Settings): BrokerAddress {
  if (!/^[a-z]+:/i.test(given)) {
    throw new UsageError(`${JSON.stringify(given)} is no URL: write mqtt://${given}, or use -h ${given}`);
  }
  const { base, path } = /^(?<base>(?:mqtts?|tcp|tls|ssl):\/\/[^/]*)\/(?<path>.*)$/i.exec(given)?.groups ?? {};
  const topic = path === undefined || path === '' ? undefined : decodeURIComponent(path);
  return { url: withPath(base ?? given, settings), topic };
}

/** A WebSocket without a path goes where most brokers listen. */
function withPath(url: string, settings: Settings): string {
  return /^wss?:\/\/[^/]+$/i.test(url) ? `${url}${settings.get(address.wsPath) ?? '/mqtt'}` : url;
}

function fromParts(settings: Settings): string {
  const host = settings.get(address.host) ?? 'localhost';
  if (host.includes('://')) throw new UsageError(`-h takes a name or an address; for a URL use -L ${host}`);
  const { name, joinedPort } = /^(?<name>[^:]+):(?<joinedPort>\d+)$/.exec(host)?.groups ?? {};
  if (joinedPort !== undefined) throw new UsageError(`-h takes the name alone: write -h ${name} -p ${joinedPort}`);
  const port = settings.get(address.port);
  const isWebSocket = settings.get(address.ws) === true || settings.has(address.wsPath);
  const scheme = schemeOf(isSecure(settings, port), isWebSocket);
  const shown = host.includes(':') ? `[${host.replace(/^\[|\]$/g, '')}]` : host;
  return withPath(`${scheme}://${shown}${port === undefined ? '' : `:${port}`}`, settings);
}

function schemeOf(secure: boolean, isWebSocket: boolean): string {
  if (isWebSocket) return secure ? 'wss' : 'ws';
  return secure ? 'mqtts' : 'mqtt';
}

const meansTls = [
  security.caFile,
  security.caPath,
  security.certificate,
  security.pin,
  security.insecure,
  security.tlsVersion,
  security.serverName,
  ciphers,
  psk,
];

function isSecure(settings: Settings, port: number | undefined): boolean {
  const asked = settings.get(security.tls);
  if (asked !== undefined) return asked;
  return port === 8883 || meansTls.some((one) => settings.has(one));
}
