/** The proxy that the environment names, for those who asked to be led by it. */
import { BlockList, isIP } from 'node:net';
import { parseProxy, type Proxy } from './proxy-url.ts';
import { withoutZone, type InternetPlace } from './socket-target.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * HTTPS_PROXY, then ALL_PROXY, whether the target is encrypted or not: both are proxies that open tunnels. The names in
 * lower case go first. Nothing for what NO_PROXY lists, nor for this machine itself.
 */
export function environmentProxy(target: InternetPlace, environment: Environment = process.env): Proxy | undefined {
  const read = (name: string): string => (environment[name.toLowerCase()] ?? environment[name] ?? '').trim();
  const named = read('HTTPS_PROXY') || read('ALL_PROXY');
  if (named === '' || isThisMachine(target.host) || isExcepted(target, read('NO_PROXY'))) return undefined;
  return parseProxy(named.includes('://') ? named : `http://${named}`);
}

const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8);
loopback.addAddress('::1', 'ipv6');

function isThisMachine(host: string): boolean {
  return /^(?:.*\.)?localhost$/i.test(host) || isIn(loopback, host);
}

/** The list has names, which cover what is below them, addresses, networks as `10.0.0.0/8`, each with a port or not, or `*`. */
function isExcepted(target: InternetPlace, list: string): boolean {
  return list
    .split(/[\s,]+/)
    .filter((entry) => entry !== '')
    .some((entry) => entry === '*' || covers(entry, target));
}

function covers(entry: string, { host, port }: InternetPlace): boolean {
  if (entry.includes('/')) return isInNetwork(entry, host);
  const [, bracketed, plain, ownPort] = /^(?:\[(.+)\]|([^:]*))(?::(\d+))?$/.exec(entry) ?? [];
  if (ownPort !== undefined && Number(ownPort) !== port) return false;
  const name = (bracketed ?? plain ?? entry).toLowerCase();
  if (isIP(name) !== 0) return isInNetwork(`${name}/${isIP(name) === 4 ? 32 : 128}`, host);
  const suffix = name.replace(/^\*?\./, '');
  const wanted = host.toLowerCase().replace(/\.$/, '');
  return suffix !== '' && (wanted === suffix || wanted.endsWith(`.${suffix}`));
}

function isInNetwork(network: string, host: string): boolean {
  const [address = '', bits = ''] = network.split('/');
  const family = isIP(address);
  if (family === 0 || !/^\d{1,3}$/.test(bits) || Number(bits) > (family === 4 ? 32 : 128)) return false;
  const list = new BlockList();
  list.addSubnet(address, Number(bits), family === 4 ? 'ipv4' : 'ipv6');
  return isIn(list, host);
}

function isIn(list: BlockList, host: string): boolean {
  const family = isIP(host);
  return family !== 0 && list.check(withoutZone(host), family === 4 ? 'ipv4' : 'ipv6');
}
