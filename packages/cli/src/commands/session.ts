/** `omqtt session`: what broker and file keep for a client id, without taking its place for longer than needed. */
import type { ConnectPacket, Packet, PublishPacket } from '@omqtt/codec';
import { ExpectationError, LineLostError, UsageError } from '../cli-error.ts';
import type { Task } from '../command.ts';
import { exitCodes } from '../exit-codes.ts';
import { db, id } from '../options/session-options.ts';
import { topics } from '../options/message-options.ts';
import { settle } from '../options/recording-options.ts';
import { messagePrinter } from '../output/message-printer.ts';
import { preciseNow } from '../output/received-message.ts';
import { unsubscribeRaw, visit } from '../raw/kept-session.ts';
import { connectFirst, type RawBroker } from '../raw/open-raw.ts';
import type { RawLine } from '../raw/raw-line.ts';
import { showStore } from '../recording/show-store.ts';

export async function run(task: Task): Promise<number> {
  const { settings, words } = task;
  const [action = ''] = words;
  if (!settings.has(id)) throw new UsageError(`which session? omqtt session ${action} -i ID`);
  if (settings.has(db)) {
    if (action !== 'show') throw new UsageError('--db goes with `session show`: other actions are about the broker');
    return showStore(task);
  }
  if (action === 'drop') return drop(task);
  const visiting = (broker: RawBroker): Partial<ConnectPacket> => visit(settings, broker, action === 'drain');
  const [line, { sessionPresent }] = await connectFirst(task, visiting);
  try {
    if (action === 'show') task.io.out.line(sessionPresent ? 'the broker has a session' : 'the broker has no session');
    else if (!sessionPresent) throw new ExpectationError('the broker has no session for this client id');
    if (action === 'drain') await drain(task, line);
    if (action === 'unsub') await unsubscribe(task, line);
    return sessionPresent ? exitCodes.done : exitCodes.expectation;
  } finally {
    await line.close();
  }
}

async function drop(task: Task): Promise<number> {
  const [line] = await connectFirst(task, () => ({ cleanStart: true }));
  await line.close();
  task.talk.say('the broker has forgotten the session, if it had one');
  return exitCodes.done;
}

/** Shows and acknowledges what waited, until nothing comes any more. */
async function drain({ settings, io, talk }: Task, line: RawLine): Promise<void> {
  const print = await messagePrinter(io, settings);
  const silenceMs = settings.get(settle) ?? 500;
  const released = new Set<number>();
  let count = 0;
  for (let packet = await line.next(silenceMs); packet !== undefined; packet = await line.next(silenceMs)) {
    if (packet.type === 'publish' && !released.has(packet.packetId ?? 0)) {
      count += 1;
      print({ at: preciseNow(), ...packet, properties: packet.properties ?? {} });
    }
    acknowledge(line, packet, released);
  }
  talk.say(`${count} messages drained`);
  if (line.isClosed) throw new LineLostError('before all that waited had come');
}

function acknowledge(line: RawLine, packet: Packet, received: Set<number>): void {
  const { packetId = 0 } = packet as PublishPacket;
  if (packet.type === 'publish' && packet.qos === 1) line.send({ type: 'puback', packetId, reasonCode: 0 });
  if (packet.type === 'publish' && packet.qos === 2) {
    received.add(packetId);
    line.send({ type: 'pubrec', packetId, reasonCode: 0 });
  }
  if (packet.type === 'pubrel') {
    received.delete(packetId);
    line.send({ type: 'pubcomp', packetId, reasonCode: 0 });
  }
}

async function unsubscribe({ settings, words, talk }: Task, line: RawLine): Promise<void> {
  const filters = [...words.slice(1), ...(settings.get(topics) ?? [])];
  if (filters.length === 0) throw new UsageError('no filter: omqtt session unsub -i ID FILTER…');
  await unsubscribeRaw(line, filters, talk);
}
