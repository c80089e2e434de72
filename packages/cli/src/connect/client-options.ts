/** The options of the client, from those of the command line. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ClientOptions, SessionStore, TlsOptions, WillOptions } from 'omqtt';
import { LocalFileError, UsageError } from '../cli-error.ts';
import type { Task } from '../command.ts';
import { ciphers, psk, pskIdentity } from '../options/cipher-options.ts';
import * as address from '../options/address-options.ts';
import * as option from '../options/connection-options.ts';
import * as login from '../options/login-options.ts';
import * as session from '../options/session-options.ts';
import * as security from '../options/tls-options.ts';
import { bindAddress } from '../options/network-options.ts';
import { propertiesFor } from '../options/raw-properties.ts';
import type { Settings } from '../options/settings.ts';
import * as will from '../options/will-options.ts';
import { firstLineOf, passwordOf } from './secrets.ts';

export interface ClientNeeds {
  /** A command that keeps running comes back after a loss. */
  readonly isLongRunning: boolean;
  /** The session survives the end, whatever the options say. */
  readonly cleanStart?: boolean;
  /** Instead of that of the options. */
  readonly clientId?: string;
}

export async function clientOptions(task: Task, needs: ClientNeeds): Promise<ClientOptions> {
  const { settings, io } = task;
  const keepAlive = settings.get(option.keepAlive);
  const attempts = settings.get(option.retry) ?? (needs.isLongRunning ? Infinity : 0);
  const clientId = needs.clientId ?? clientIdOf(settings, io.pid);
  const tls = tlsOf(settings);
  const willOptions = willOf(settings);
  const headers = settings.get(address.wsHeader);
  const proxy = settings.get(address.proxy);
  const localAddress = settings.get(bindAddress);
  return {
    version: versionOf(settings),
    connectTimeoutMs: settings.get(option.connectTimeout) ?? 10_000,
    reconnect: attempts === 0 ? false : { maxAttempts: attempts },
    ...(clientId !== undefined && { clientId }),
    ...(keepAlive !== undefined && { keepAliveSeconds: Math.round(keepAlive / 1000) }),
    ...(await credentialsOf(task)),
    ...sessionOf(settings, needs.cleanStart, await storeOf(settings)),
    ...connectPropertiesOf(settings),
    ...(willOptions && { will: willOptions }),
    ...(tls && { tls }),
    ...(headers && { headers: Object.fromEntries(headers.map(headerOf)) }),
    ...(proxy !== undefined && { proxy }),
    ...(localAddress !== undefined && { localAddress }),
  };
}

function versionOf(settings: Settings): '5.0' | '3.1.1' | 'auto' {
  const version = settings.get(option.fallback) === true ? 'auto' : (settings.get(option.version) ?? '5');
  return version === '5' ? '5.0' : version;
}

async function credentialsOf(task: Task): Promise<Pick<ClientOptions, 'credentials' | 'auth'>> {
  const username = task.settings.get(login.username);
  const password = await passwordOf(task);
  const method = task.settings.get(login.auth);
  if (method === undefined) {
    if (username === undefined && password === undefined) return {};
    return {
      credentials: { ...(username !== undefined && { username }), ...(password !== undefined && { password }) },
    };
  }
  if (username === undefined || password === undefined) throw new UsageError('--auth needs -u and a password');
  if (versionOf(task.settings) === '3.1.1') throw new UsageError('--auth needs MQTT 5: leave -V 3.1.1 out');
  const { scramSha1, scramSha256, scramSha512 } = await import('omqtt');
  const mechanisms = { 'scram-sha-1': scramSha1, 'scram-sha-256': scramSha256, 'scram-sha-512': scramSha512 };
  return { auth: mechanisms[method]({ username, password }) };
}

function clientIdOf(settings: Settings, pid: number): string | undefined {
  const prefix = settings.get(session.idPrefix);
  return settings.get(session.id) ?? (prefix === undefined ? undefined : `${prefix}${pid}`);
}

function sessionOf(
  settings: Settings,
  cleanStart: boolean | undefined,
  store: SessionStore | undefined,
): Pick<ClientOptions, 'cleanStart' | 'session'> {
  const isKept = settings.get(session.keepSession) === true || store !== undefined;
  if (isKept && !settings.has(session.id) && !settings.has(session.idPrefix)) {
    throw new UsageError('a session that is kept needs a client id to find it by: add -i ID');
  }
  // In 3.1.1 a session that is kept has no end.
  const expirySeconds =
    versionOf(settings) === '3.1.1'
      ? undefined
      : (settings.get(session.sessionExpiry) ?? (isKept ? session.NEVER_SECONDS : undefined));
  const isClean = cleanStart ?? !isKept;
  return {
    cleanStart: isClean,
    session: {
      ...(expirySeconds !== undefined && { expirySeconds }),
      ...(store && { store }),
      // A process begins without knowledge of what its predecessor did.
      ...(!isClean && store === undefined && { adopt: true }),
    },
  };
}

async function storeOf(settings: Settings): Promise<SessionStore | undefined> {
  const path = settings.get(session.db);
  if (path === undefined) return undefined;
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major < 22 || (major === 22 && minor < 2)) {
    throw new UsageError(
      `--db needs Node 22.2 or later, and this is ${process.versions.node}: update Node, or leave --db out`,
    );
  }
  const { sqliteStore } = await import('@omqtt/store-sqlite');
  return sqliteStore(path);
}

function connectPropertiesOf(settings: Settings): ClientOptions {
  const { sessionExpirySeconds, receiveMaximum, maximumPacketBytes, topicAliasMaximum, ...properties } = propertiesFor(
    'connect',
    settings.get(option.properties),
  );
  if (sessionExpirySeconds !== undefined) throw new UsageError('say the session expiry with -x');
  const numbers = {
    receiveMaximum: settings.get(session.receiveMaximum) ?? receiveMaximum,
    maximumPacketBytes: settings.get(session.maximumPacket) ?? maximumPacketBytes,
    sendMaximum: settings.get(session.sendMaximum),
    topicAliasMaximum,
  };
  const known = Object.entries(numbers).filter(([, value]) => value !== undefined);
  return { ...Object.fromEntries(known), ...(Object.keys(properties).length > 0 && { properties }) };
}

function willOf(settings: Settings): WillOptions | undefined {
  const topic = settings.get(will.willTopic);
  if (topic === undefined) {
    const stray = [will.willPayload, will.willQos, will.willRetain, will.willDelay].find((one) => settings.has(one));
    if (stray !== undefined) throw new UsageError(`--${stray.name} needs --will-topic`);
    return undefined;
  }
  const { willDelaySeconds, ...properties } = propertiesFor('will', settings.get(option.properties));
  const delay = settings.get(will.willDelay);
  const delaySeconds = delay === undefined ? willDelaySeconds : Math.round(delay / 1000);
  return {
    topic,
    payload: settings.get(will.willPayload) ?? '',
    qos: settings.get(will.willQos) ?? 0,
    retain: settings.get(will.willRetain) ?? false,
    ...(typeof delaySeconds === 'number' && { delaySeconds }),
    ...(Object.keys(properties).length > 0 && { properties }),
  };
}

function tlsOf(settings: Settings): TlsOptions | undefined {
  const insecure = settings.get(security.insecure);
  if (insecure === true && !settings.isFromCommandLine(security.insecure)) {
    throw new UsageError('--insecure works on the command line only, so that it is never forgotten somewhere');
  }
  const leastVersion = settings.get(security.tlsVersion);
  const keyPassword = settings.get(security.keyPasswordFile);
  const parts = {
    ca: authoritiesOf(settings),
    cert: contentOf(settings.get(security.certificate)),
    key: contentOf(settings.get(security.key)),
    passphrase: keyPassword === undefined ? undefined : firstLineOf(keyPassword),
    pinnedFingerprints: settings.get(security.pin),
    minimumVersion: leastVersion && ({ 'tlsv1.2': 'TLSv1.2', 'tlsv1.3': 'TLSv1.3' } as const)[leastVersion],
    alpnProtocols: settings.get(security.alpn),
    serverName: settings.get(security.serverName),
    ciphers: settings.get(ciphers),
    preSharedKey: preSharedKeyOf(settings),
    insecure,
  };
  const known = Object.entries(parts).filter(([, value]) => value !== undefined);
  return known.length === 0 ? undefined : (Object.fromEntries(known) as TlsOptions);
}

function preSharedKeyOf(settings: Settings): TlsOptions['preSharedKey'] {
  const key = settings.get(psk);
  const identity = settings.get(pskIdentity);
  if (key === undefined && identity === undefined) return undefined;
  if (key === undefined || identity === undefined) throw new UsageError('--psk and --psk-identity belong together');
  return { key, identity };
}

/** Of a file, a folder, or both. */
function authoritiesOf(settings: Settings): string | readonly string[] | undefined {
  const file = contentOf(settings.get(security.caFile));
  const folder = settings.get(security.caPath);
  if (folder === undefined) return file;
  const found = namesIn(folder)
    .filter((name) => /\.(?:pem|crt|cer)$|^[0-9a-f]{8}\.\d+$/i.test(name))
    .flatMap((name) => contentOf(join(folder, name)) ?? [])
    // Keys may lie beside them.
    .filter((content) => content.includes('-----BEGIN CERTIFICATE-----'));
  if (found.length === 0) throw new UsageError(`--capath: no file in ${folder} has a certificate (PEM)`);
  return [...(file === undefined ? [] : [file]), ...found];
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder).toSorted();
  } catch (error) {
    throw new LocalFileError('read', folder, error);
  }
}

function contentOf(path: string | undefined): string | undefined {
  if (path === undefined) return undefined;
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new LocalFileError('read', path, error);
  }
}

function headerOf(text: string): readonly [string, string] {
  const colon = text.indexOf(':');
  if (colon < 1) throw new UsageError('--ws-header reads NAME:VALUE');
  return [text.slice(0, colon).trim(), text.slice(colon + 1).trim()];
}
