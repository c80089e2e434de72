/** A broker that does what the test says, line by line. */
import type { Clock, Dial } from '@omqtt/contracts';
import type { ConnackProperties, ConnectPacket, Packet, PacketType, ProtocolVersion } from '@omqtt/codec';
import type { MemoryLink } from './memory-link.ts';
import type { MemoryTransport } from './memory-transport.ts';

export interface ScriptedBrokerOptions {
  /** Default: a new one over `clock`. */
  readonly transport?: MemoryTransport;
  /** Dates `received`, and is settled before `expectNothing` decides. Default: the time of the platform. */
  readonly clock?: Clock;
  /** Default: `auto`, the version of each CONNECT. */
  readonly version?: ProtocolVersion | 'auto';
  /** How long, in real time, an expectation may wait before it fails with the dialogue so far. Default: 4000. */
  readonly limitMs?: number;
}

export interface ReceivedPacket {
  readonly packet: Packet;
  /** By the clock of the broker. */
  readonly at: number;
  /** Which connection it came on, counted from 1. */
  readonly connection: number;
}

export type PacketOf<Type extends PacketType> = Extract<Packet, { readonly type: Type }>;

/**
 * The members that have to be as given, at every depth; those that are left out may be anything. `undefined`: the
 * member must be absent. Text stands for its UTF-8 bytes where bytes come. A function is asked.
 */
export type Expected<Value> =
  | (Value extends Uint8Array
      ? Uint8Array | string
      : Value extends readonly (infer Item)[]
        ? readonly Expected<Item>[]
        : Value extends object
          ? { readonly [Key in keyof Value]?: Expected<Value[Key]> | undefined }
          : Value)
  | ((value: Value) => boolean);

export interface Acceptance {
  /** What the CONNECT has to say. */
  readonly connect?: Expected<ConnectPacket>;
  /** Default: false. */
  readonly sessionPresent?: boolean;
  readonly properties?: ConnackProperties;
}

export interface ScriptedBroker {
  /** For the client under test. */
  readonly dial: Dial;
  readonly transport: MemoryTransport;
  /** The network under the current connection. */
  readonly link: MemoryLink;
  /** Each packet that came, on all connections. */
  readonly received: readonly ReceivedPacket[];
  /** All that was said and done so far, one line each. */
  readonly dialogue: string;
  /** Waits for the next connection and makes it the current one. */
  accept(): Promise<MemoryLink>;
  /** Waits for the next connection unless one is open, expects CONNECT and answers with a CONNACK of success. */
  acceptConnection(acceptance?: Acceptance): Promise<ConnectPacket>;
  /**
   * Waits for the next packet of the current connection, and fails unless it is of this type and has these members.
   * For a CONNECT it accepts the next connection when there is no open one.
   */
  expect<Type extends PacketType>(type: Type, members?: Expected<PacketOf<Type>>): Promise<PacketOf<Type>>;
  /** Fails when anything more has come, or is on the way, once everything is settled. */
  expectNothing(): Promise<void>;
  /** Waits until the client has ended the connection; packets that come before that are a failure. */
  expectClosed(): Promise<void>;
  send(...packets: readonly Packet[]): void;
  /** Whatever they say, well-formed or not. */
  sendBytes(bytes: Uint8Array | readonly number[]): void;
  /** Ends the current connection in order. */
  close(): Promise<void>;
  /** Loses the current connection. */
  cut(): void;
}

export function scriptedBroker(_options: ScriptedBrokerOptions = {}): ScriptedBroker {
  throw new Error('Not written yet');
}
