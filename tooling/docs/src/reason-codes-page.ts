/** `docs/reference/reason-codes.md`. */
import { mayCarry, packetTypes, reasonName, type PacketType } from '@omqtt/codec';
import { isRedirect, isRetryable } from '@omqtt/core/session';
import { table } from './markdown-table.ts';

const carriers = packetTypes.map(({ type }) => type);

export function reasonCodesPage(): string {
  const codes = Array.from({ length: 256 }, (_, code) => code).filter((code) => carriers.some((c) => carries(c, code)));
  const rows = codes.map((code) => [hex(code), namesOf(code), carriersOf(code), reactionTo(code)]);
  return `# Reason codes

Written by \`npm run reference\` from the tables of the codec and the session; do not edit it.

The reason codes of MQTT 5.0, the packets that carry them, and what the client does when CONNACK or DISCONNECT of the server
says so. Codes below 0x80 are successes. In code, \`reasonName(0x87)\` is the name.

${table(['code', 'name', 'in', 'the client then'], rows)}
`;
}

function carries(packet: PacketType, code: number): boolean {
  return mayCarry(packet, code, 'either');
}

function hex(code: number): string {
  return `0x${code.toString(16).toUpperCase().padStart(2, '0')}`;
}

/** Some codes have a name of their own in some packets. */
function namesOf(code: number): string {
  const names = new Set(carriers.filter((packet) => carries(packet, code)).map((packet) => reasonName(code, packet)));
  return [...names].join(' · ');
}

function carriersOf(code: number): string {
  return carriers
    .filter((packet) => carries(packet, code))
    .map((packet) => packet.toUpperCase())
    .join(', ');
}

/** Only CONNACK and DISCONNECT end a connection; the others settle one call. */
function reactionTo(code: number): string {
  const ends = (code >= 0x80 && mayCarry('connack', code, 'server')) || mayCarry('disconnect', code, 'server');
  if (!ends) return '';
  if (isRedirect(code)) return 'goes elsewhere, if `followRedirects` says so';
  return isRetryable(code) ? 'comes back' : 'stops';
}
