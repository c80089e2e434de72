/** An address as the network writes it. */
import { isIPv4 } from 'node:net';

/** 4 bytes for IPv4, 16 for IPv6. The text is known to be an address, without a zone. */
export function addressBytes(address: string): number[] {
  if (isIPv4(address)) return address.split('.').map(Number);
  const [head = '', tail] = address.split('::');
  const first = groups(head);
  const last = tail === undefined ? [] : groups(tail);
  return [...first, ...Array<number>(16 - first.length - last.length).fill(0), ...last];
}

/** `1:a02` → 0, 1, 10, 2. The last group may be an IPv4 address. */
function groups(text: string): number[] {
  if (text === '') return [];
  return text.split(':').flatMap((group) => {
    if (isIPv4(group)) return addressBytes(group);
    const value = Number.parseInt(group, 16);
    return [value >> 8, value & 0xff];
  });
}
