/** A raw line to the broker of the options, with the same ways, certificates and credentials as a client. */
import type { ConnackPacket, ConnectPacket, ProtocolVersion } from '@omqtt/codec';
import { type ClientOptions, ConnectRefusedError, type Credentials, DialError, parseUrl } from 'omqtt';
import { LineLostError, WaitedTooLongError } from '../cli-error.ts';
import type { Task } from '../command.ts';
import { brokerUrls } from '../connect/broker-address.ts';
import { clientOptions } from '../connect/client-options.ts';
import { firstServer } from '../connect/first-server.ts';
import { greet } from './greet.ts';
import { dialRaw, type RawLine } from './raw-line.ts';

export interface RawBroker {
  readonly version: ProtocolVersion;
  readonly options: ClientOptions;
  /** Only the line: nothing is sent. */
  readonly dial: () => Promise<RawLine>;
  /** CONNECT with what the options say, and the changes. */
  readonly connectPacket: (changes?: Partial<ConnectPacket>) => ConnectPacket;
}

export async function rawBroker(task: Task, url: string): Promise<RawBroker> {
  const options = await clientOptions(task, { isLongRunning: false, cleanStart: true });
  const { target, credentials: fromUrl } = parseUrl(url, options);
  // Never a function: they come from the options of the command line.
  const { username, password } = { ...fromUrl, ...(options.credentials as Credentials | undefined) };
  const version = options.version === '3.1.1' ? '3.1.1' : '5.0';
  const timeoutMs = options.connectTimeoutMs ?? 10_000;
  return {
    version,
    options,
    dial: async () => {
      const limit = AbortSignal.any([task.io.stop, AbortSignal.timeout(timeoutMs)]);
      try {
        const line = await dialRaw(target, version, limit);
        task.io.stop.addEventListener('abort', () => line.stop(), { once: true });
        return line;
      } catch (error) {
        throw new DialError(error);
      }
    },
    connectPacket: (changes = {}) => ({
      type: 'connect',
      version,
      clientId: options.clientId ?? '',
      cleanStart: true,
      keepAliveSeconds: 60,
      ...(username !== undefined && { username }),
      ...(password !== undefined && {
        password: typeof password === 'string' ? new TextEncoder().encode(password) : password,
      }),
      ...changes,
    }),
  };
}

/** To the first server that takes us, as a client would go. */
export async function connectFirst(
  task: Task,
  changesFor: (broker: RawBroker) => Partial<ConnectPacket>,
): Promise<readonly [RawLine, ConnackPacket]> {
  return firstServer(task, await brokerUrls(task.settings), async (url) => {
    const broker = await rawBroker(task, url);
    const line = await broker.dial();
    return [line, await connectOn(line, broker, changesFor(broker))] as const;
  });
}

/** Sends CONNECT. Ends the line and throws when the broker does not accept. */
export async function connectOn(
  line: RawLine,
  { connectPacket, options }: RawBroker,
  changes?: Partial<ConnectPacket>,
): Promise<ConnackPacket> {
  const { auth: mechanism, connectTimeoutMs: timeoutMs = 10_000 } = options;
  try {
    const connack = await greet(line, { packet: connectPacket(changes), mechanism, timeoutMs });
    if (connack === undefined && line.isClosed) throw new LineLostError('before the broker answered CONNECT');
    if (connack === undefined) throw new WaitedTooLongError('the broker did not answer CONNECT');
    const { reasonCode, properties } = connack;
    if (reasonCode === 0) return connack;
    const { reasonString } = properties ?? {};
    throw new ConnectRefusedError({ reasonCode, reasonString, retryable: mayAnotherTake.has(reasonCode) });
  } catch (error) {
    line.destroy();
    throw error;
  }
}

/** Server unavailable, busy, quota exceeded, connection rate exceeded: about this server rather than about us. */
const mayAnotherTake: ReadonlySet<number> = new Set([0x88, 0x89, 0x97, 0x9f]);
