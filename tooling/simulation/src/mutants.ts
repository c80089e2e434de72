/** Copies of the session with one rule broken, to show that the simulation would see it. */
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { pathToFileURL } from 'node:url';
import type { SessionClass } from './client-world.ts';

/** What to write instead of what, in which file of the session. */
export interface Mutant {
  readonly name: string;
  readonly file: string;
  readonly from: string;
  readonly to: string;
}

const sessionFolder = join(import.meta.dirname, '../../../packages/core/src/session');
// Inside this package, so that the copies find the same codec; and hidden, so that no tool takes them for sources.
const copies = join(import.meta.dirname, '../.mutants');

/** The session of a copy with the bug in it. The copy is gone when this returns. */
export async function loadMutant({ name, file, from, to }: Mutant): Promise<SessionClass> {
  const folder = join(copies, `${name.replaceAll(' ', '-')}-${process.pid}-${Date.now()}`);
  mkdirSync(folder, { recursive: true });
  try {
    cpSync(sessionFolder, folder, { recursive: true });
    const path = join(folder, file);
    const text = readFileSync(path, 'utf8');
    const places = text.split(from).length - 1;
    if (places !== 1) throw new Error(`The mutant "${name}" wants one place in ${file}, and finds ${places}: ${from}`);
    writeFileSync(
      path,
      text.replace(from, () => to),
    );
    const { Session } = (await import(/* @vite-ignore */ pathToFileURL(join(folder, 'session.ts')).href)) as {
      Session: SessionClass;
    };
    return Session;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

export const mutants: readonly Mutant[] = [
  {
    name: 'a slot is released twice',
    file: 'outbound-message.ts',
    from: 'connection.window.release();',
    to: 'connection.window.release(); connection.window.release();',
  },
  {
    name: 'PUBREL is not sent again',
    file: 'outbound.ts',
    from: "send(machine, connection, { type: 'pubrel', packetId, reasonCode: 0 });",
    to: '',
  },
  { name: 'DUP is missing', file: 'outbound.ts', from: 'dup: true', to: 'dup: false' },
  {
    name: 'received ids are forgotten on a resumption',
    file: 'handshake.ts',
    from: 'resumeSession(machine, connection);',
    to: 'resumeSession(machine, connection), machine.state.received.clear();',
  },
  {
    name: 'acknowledgements leave when they are ready',
    file: 'inbound.ts',
    from: 'if (isCurrent) flushAcknowledgements(machine);',
    to: `if (isCurrent && machine.connection) {
      const { qos1, qos2 } = machine.connection.unacknowledged;
      for (const queue of [qos1, qos2]) {
        if (queue.find((other) => other === delivery)) sendAck(machine, machine.connection, delivery);
        queue.filter((other) => other !== delivery);
      }
    }`,
  },
  {
    name: 'what PUBREC said is forgotten',
    file: 'outbound-answers.ts',
    from: 'if (reasonCode !== 0 || packet.properties !== undefined) message.received = packet;',
    to: '',
  },
  {
    name: 'an id is free at PUBREC',
    file: 'outbound-answers.ts',
    from: "message.stage = 'released';",
    to: "message.stage = 'released'; machine.state.packetIds.release(packetId);",
  },
  {
    name: 'a lost session is resumed',
    file: 'session-fate.ts',
    from: 'if (isWanted ||',
    to: 'if (!isWanted) { if (machine.connection) machine.connection.resends.push(message); continue; }\n    if (isWanted ||',
  },
  {
    name: 'aliases outlive the connection',
    file: 'handshake.ts',
    from: 'connection.outboundAliases = new',
    to: 'connection.outboundAliases = machine.state.aliases ??= new',
  },
  {
    name: 'a repetition is delivered again',
    file: 'inbound.ts',
    from: 'if (isRepetition) return;',
    to: '',
  },
  {
    name: 'a resumed session may not have more in flight',
    file: 'handshake.ts',
    from: 'if (connack.sessionPresent) connection.bearsExcess = true;',
    to: '',
  },
  {
    name: 'PUBREC is not recorded',
    file: 'inbound.ts',
    from: "persist(machine, { type: 'received', packetId });",
    to: '',
  },
  {
    name: 'a finished message stays in the store',
    file: 'outbound-message.ts',
    from: 'if (message.sequence !== 0)',
    to: 'if (message.sequence !== 0 && message.qos !== 2)',
  },
  {
    name: 'an id is never free again',
    file: 'outbound-message.ts',
    from: 'state.packetIds.release(message.packetId);',
    to: '',
  },
  {
    name: 'what begins anew goes to the end',
    file: 'waiting.ts',
    from: 'state.waiting.putFirst(messages);',
    to: 'for (const message of messages) state.waiting.push(message);',
  },
  {
    name: 'nothing keeps the connection alive',
    file: 'keep-alive.ts',
    from: 'if (keepAliveMs === 0',
    to: 'if (keepAliveMs >= 0',
  },
  {
    name: 'a resumed session is subscribed to again',
    file: 'handshake.ts',
    from: 'renewSubscriptions(machine, isResumed);',
    to: 'renewSubscriptions(machine, false);',
  },
  {
    name: 'the window of the last connection holds',
    file: 'handshake.ts',
    from: 'connection.window = new',
    to: 'connection.window = machine.state.window ??= new',
  },
];
