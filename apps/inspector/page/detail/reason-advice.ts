/** What to do about the reason codes that a packet carries. */
import { eachField, type FieldNode } from '@omqtt/inspect';
import { element } from '../dom/element.ts';

/** From 0x80 on, without a gap. */
const advice: readonly string[] = `\
the reason is not told: look into the log of the side that sent it
the fields and findings of the packet before show which bytes could not be read
the packet before was legal and came at a wrong time: look at its exchange and session
the packet before is legal and refused all the same: look for a limit of this side
connect with the other version, 3.1.1 or 5.0
choose another client id: shorter, of letters and digits, or none
check user name and password
log in, or have the right to this topic, or to connect, given to this client
the server is not ready: connect again later
the server is busy: connect again later, with growing pauses
the server has locked this client out: ask those who run it
the server goes down: connect again later
choose an authentication method that the server knows
send something, such as PINGREQ, within the keep alive, or ask for a longer one
give each client an id of its own: another one connected with this one
check the wildcards of the filter, and the form of $share/group/filter
publish to a topic without wildcards that the server allows
wait for the answer before the id is used again
one side has lost its session: begin a new one
have no more messages on their way than the Receive Maximum of the other side
use aliases from 1 to the Topic Alias Maximum of the other side
keep packets below the Maximum Packet Size of the other side
send more slowly
have the quota of this client raised, or have fewer messages, sessions or subscriptions
somebody ended the connection on purpose: ask those who run the server
make the payload what its format indicator says: UTF-8
publish without RETAIN: this server keeps no messages
publish with a QoS that the server allows: Maximum QoS in its CONNACK
connect to the server that the Server Reference names, for now
connect to the server that the Server Reference names, from now on
subscribe without $share: this server does not share subscriptions
connect less often
the time of the connection is up: connect again
subscribe without a subscription identifier
subscribe to each topic by its name: this server takes no wildcards`.split('\n');

export function adviceOn(reasonCode: number): string | undefined {
  return advice[reasonCode - 0x80];
}

/** The return codes of a CONNACK of 3.1.1, from 1 on, which servers that know no 5.0 send in a packet of 5.0 too. */
const oldCodes: readonly number[] = [0x84, 0x85, 0x88, 0x86, 0x87];

/** One line for each failure in the packet. */
export function adviceView(fields: readonly FieldNode[], isConnack: boolean): HTMLElement | undefined {
  const found = new Map<number, string>();
  for (const { name, value, note = '' } of eachField(fields)) {
    if (!/^reasonCodes?(?:\[\d+\])?$/.test(name) || typeof value !== 'number') continue;
    found.set(isConnack ? (oldCodes[value - 1] ?? value) : value, note);
  }
  const lines = Array.from(found, ([code, name]) => {
    const text = adviceOn(code);
    return text === undefined
      ? undefined
      : element('li', {}, element('strong', {}, `${name} (0x${code.toString(16)}): `), text);
  }).filter((line) => line !== undefined);
  return lines.length > 0 ? element('ul', { class: 'advice', 'aria-label': 'What to do' }, ...lines) : undefined;
}
