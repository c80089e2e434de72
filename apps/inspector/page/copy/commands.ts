/** The command that does again what a packet did. Only what can be quoted safely is written; the rest is `undefined`. */
import { hexOf, type PacketRecord } from '@omqtt/inspect';
import { factsOf, isPlain, isWholeMessage, plainText, type PacketFacts } from './packet-facts.ts';

/** `url`: where the command connects. */
export function omqttCommand(record: PacketRecord, url: string): string | undefined {
  const facts = factsOf(record);
  const start = `--url ${quote(url)}${record.version === '5.0' ? '' : ' -V 3.1.1'}`;
  if (record.type === 'subscribe') {
    const filters = facts.filters.map(({ filter, qos }) => quote(`${filter}@${qos}`));
    return filtersArePlain(facts) ? `omqtt sub ${start} ${filters.join(' ')}` : undefined;
  }
  if (!isWholeMessage(record) || !isPlain(facts.topic)) return undefined;
  const text = plainText(facts.payload);
  return words(
    'omqtt pub',
    start,
    ...qosAndRetain(facts),
    ...omqttProperties(facts),
    facts.payload.length === 0
      ? '-n'
      : text === undefined
        ? `--encode hex -m ${hex(facts.payload)}`
        : `--message=${quote(text)}`,
    ...(facts.topic.startsWith('-') ? ['--'] : []),
    quote(facts.topic),
  );
}

export function mosquittoCommand(record: PacketRecord, url: string): string | undefined {
  const facts = factsOf(record);
  const { hostname, port } = addressOf(url);
  const start = `-h ${quote(hostname)} -p ${port} -V ${record.version === '5.0' ? 'mqttv5' : 'mqttv311'}`;
  if (record.type === 'subscribe') {
    const filters = facts.filters.map(({ filter }) => `-t ${quote(filter)}`);
    const qos = Math.max(0, ...facts.filters.map((each) => each.qos));
    return filtersArePlain(facts) ? words('mosquitto_sub', start, `-q ${qos}`, ...filters) : undefined;
  }
  if (!isWholeMessage(record) || !isPlain(facts.topic)) return undefined;
  const text = plainText(facts.payload);
  const common = words(start, ...qosAndRetain(facts), ...mosquittoProperties(facts), `-t ${quote(facts.topic)}`);
  if (facts.payload.length === 0) return `mosquitto_pub ${common} -n`;
  if (text !== undefined) return `mosquitto_pub ${common} -m ${quote(text)}`;
  // `printf` knows octal everywhere, `\x` only in some shells.
  const octal = Array.from(facts.payload, (byte) => `\\${byte.toString(8).padStart(3, '0')}`).join('');
  return `printf '${octal}' | mosquitto_pub ${common} -s`;
}

function qosAndRetain({ qos, retain }: PacketFacts): string[] {
  return [...(qos > 0 ? [`-q ${qos}`] : []), ...(retain ? ['-r'] : [])];
}

function omqttProperties({ properties, userProperties }: PacketFacts): string[] {
  const text = (name: string, option: string): string[] => {
    const value = properties.get(name);
    return typeof value === 'string' && isPlain(value) ? [`${option} ${quote(value)}`] : [];
  };
  const expiry = properties.get('messageExpirySeconds');
  const correlation = properties.get('correlationData');
  return [
    ...text('contentType', '--content-type'),
    ...text('responseTopic', '-e'),
    ...(correlation instanceof Uint8Array ? [`--correlation hex:${hex(correlation)}`] : []),
    ...(typeof expiry === 'number' ? [`--expiry ${expiry}s`] : []),
    ...userProperties
      .filter(([name, value]) => isPlain(name + value))
      .map(([name, value]) => `--user ${quote(`${name}=${value}`)}`),
  ];
}

function mosquittoProperties({ properties, userProperties }: PacketFacts): string[] {
  const named = [
    ['contentType', 'content-type'],
    ['responseTopic', 'response-topic'],
    ['messageExpirySeconds', 'message-expiry-interval'],
  ] as const;
  const plain = named.flatMap(([name, option]) => {
    const value = properties.get(name);
    if (typeof value !== 'string' && typeof value !== 'number') return [];
    return isPlain(String(value)) ? [`-D publish ${option} ${quote(String(value))}`] : [];
  });
  const correlation = properties.get('correlationData');
  const key = correlation instanceof Uint8Array ? plainText(correlation) : undefined;
  return [
    ...plain,
    ...(key === undefined ? [] : [`-D publish correlation-data ${quote(key)}`]),
    ...userProperties
      .filter(([name, value]) => isPlain(name + value))
      .map(([name, value]) => `-D publish user-property ${quote(name)} ${quote(value)}`),
  ];
}

function filtersArePlain({ filters }: PacketFacts): boolean {
  return filters.length > 0 && filters.every(({ filter }) => isPlain(filter));
}

function words(...parts: readonly string[]): string {
  return parts.join(' ');
}

/** For a POSIX shell: nothing within single quotes means anything but a single quote. */
export function quote(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;
}

function hex(bytes: Uint8Array): string {
  return hexOf(bytes).replaceAll(' ', '');
}

export function addressOf(url: string): { readonly hostname: string; readonly port: string } {
  const [, hostname = url, port = '1883'] = /^\w+:\/\/(\[[^\]]+\]|[^:/]+)(?::(\d+))?/.exec(url) ?? [];
  return { hostname: hostname.replace(/^\[|\]$/g, ''), port };
}
