/** The MQTT connections in the TCP segments of a capture. */
import type { Side } from '@omqtt/codec';
import type { Direction } from '../direction.ts';
import type { CaptureEvent } from './capture-event.ts';
import type { TcpSegment } from './tcp-segment.ts';
import { TcpStream } from './tcp-stream.ts';
import { asksForMqtt, WebSocketStream } from './websocket-stream.ts';

const MQTT_PORT = 1883;

interface Flow {
  readonly id: string;
  /** Address and port of the client. */
  readonly client: string;
  readonly isPartial: boolean;
  readonly isEndSeen: boolean;
  readonly streams: Readonly<Record<Direction, TcpStream>>;
  /** `undefined` until the first bytes of the client, or those of an MQTT port, have come. */
  isMqtt: boolean | undefined;
  /** Of MQTT over WebSocket, or what may become that. */
  webSocket: Readonly<Record<Direction, WebSocketStream>> | undefined;
  readonly finished: Set<Side>;
  isClosed: boolean;
}

export class TcpCapture {
  readonly events: CaptureEvent[] = [];
  readonly problems: string[] = [];
  readonly #flows = new Map<string, Flow>();
  readonly #ends: ReadonlySet<string>;
  readonly #ids = new Map<string, number>();
  #at = 0;

  /** `segments` are all that will come: whether a connection ends within the capture is known before it begins. */
  constructor(segments: readonly TcpSegment[]) {
    this.#ends = new Set(segments.filter(({ isFin, isReset }) => isFin || isReset).map(keyOf));
  }

  add(segment: TcpSegment): void {
    this.#at = segment.at;
    const flow = this.#flowOf(segment);
    const direction = segment.from === flow.client ? 'c2s' : 's2c';
    const stream = flow.streams[direction];
    if (segment.isSyn) stream.begin(segment.sequence);
    const first = segment.isSyn ? (segment.sequence + 1) >>> 0 : segment.sequence;
    this.#tell(flow, direction, stream.push(first, segment.payload));
    if (segment.isFin) flow.finished.add(direction === 'c2s' ? 'client' : 'server');
    if (segment.isReset || flow.finished.size === 2) this.#close(flow, direction === 'c2s' ? 'client' : 'server');
  }

  /** The end of the file. */
  finish(): void {
    for (const flow of this.#flows.values()) {
      for (const direction of ['c2s', 's2c'] as const) {
        this.#tell(flow, direction, flow.streams[direction].finish());
        const { lostBytes } = flow.streams[direction];
        if (flow.isMqtt && lostBytes > 0) {
          this.problems.push(`${flow.id}: the capture lacks ${lostBytes} bytes (${direction})`);
        }
      }
      if (flow.finished.size > 0) this.#close(flow, 'client');
    }
  }

  #flowOf(segment: TcpSegment): Flow {
    const key = keyOf(segment);
    const known = this.#flows.get(key);
    const isNew = segment.isSyn && !segment.isAck && (known?.isClosed ?? false);
    if (known && !isNew) return known;
    const isFromClient = segment.isSyn ? !segment.isAck : looksLikeClient(segment);
    const [client, server] = isFromClient ? [segment.from, segment.to] : [segment.to, segment.from];
    const flow: Flow = {
      id: this.#idFor(`${client}-${server}`),
      client,
      isPartial: !segment.isSyn,
      isEndSeen: this.#ends.has(key),
      streams: { c2s: new TcpStream(), s2c: new TcpStream() },
      isMqtt: undefined,
      webSocket: undefined,
      finished: new Set(),
      isClosed: false,
    };
    this.#flows.set(key, flow);
    return flow;
  }

  /** Ports come again: the second connection between the same two is another. */
  #idFor(name: string): string {
    const count = (this.#ids.get(name) ?? 0) + 1;
    this.#ids.set(name, count);
    return count === 1 ? name : `${name}#${count}`;
  }

  #tell(flow: Flow, direction: Direction, chunks: readonly Uint8Array[]): void {
    for (const chunk of chunks) {
      if (flow.isMqtt === undefined && flow.webSocket === undefined) this.#begin(flow, direction, chunk);
      const pieces = flow.webSocket ? this.#unwrap(flow, direction, chunk) : [chunk];
      if (flow.isMqtt !== true) continue;
      for (const piece of pieces) {
        this.events.push({ type: 'bytes', connection: flow.id, direction, at: this.#at, chunk: piece });
      }
    }
  }

  #begin(flow: Flow, direction: Direction, chunk: Uint8Array): void {
    if (isEncrypted(chunk)) {
      flow.isMqtt = false;
      const advice = 'a capture does not have its keys; put omqtt-inspector between client and broker instead';
      this.problems.push(`${flow.id}: it is encrypted (TLS), so nothing of it can be read: ${advice}`);
    } else if (direction === 'c2s' && isRequest(chunk)) {
      flow.webSocket = { c2s: new WebSocketStream(), s2c: new WebSocketStream() };
    } else {
      flow.isMqtt = isConnect(chunk) || flow.id.split(/[-#]/).some((end) => end.endsWith(`:${MQTT_PORT}`));
      if (flow.isMqtt) this.#open(flow);
    }
  }

  #open({ id: connection, isPartial, isEndSeen }: Flow): void {
    this.events.push({ type: 'open', connection, at: this.#at, isPartial, isEndSeen });
  }

  #unwrap(flow: Flow, direction: Direction, chunk: Uint8Array): Uint8Array[] {
    const stream = flow.webSocket?.[direction];
    if (!stream || stream.problem !== undefined || flow.isMqtt === false) return [];
    const pieces = stream.push(chunk);
    if (flow.isMqtt === undefined && direction === 'c2s' && stream.head !== undefined) {
      flow.isMqtt = asksForMqtt(stream.head);
      if (flow.isMqtt) this.#open(flow);
      else this.problems.push(`${flow.id}: it is HTTP without MQTT`);
    }
    const why = flow.webSocket?.[direction].problem;
    if (flow.isMqtt !== false && why !== undefined) {
      this.problems.push(`${flow.id}: it is a WebSocket, and ${why} (${direction})`);
    }
    return pieces;
  }

  #close(flow: Flow, last: Side): void {
    if (flow.isClosed) return;
    flow.isClosed = true;
    // Who sent the first FIN has ended it; a reset ends it at once.
    const [by = last] = flow.finished;
    if (flow.isMqtt) this.events.push({ type: 'close', connection: flow.id, at: this.#at, by });
  }
}

function keyOf({ from, to }: TcpSegment): string {
  return from < to ? `${from} ${to}` : `${to} ${from}`;
}

/** Without its SYN: servers have the port of MQTT, or else the lower one. */
function looksLikeClient({ fromPort, toPort }: TcpSegment): boolean {
  return toPort === MQTT_PORT || (fromPort !== MQTT_PORT && fromPort > toPort);
}

function isConnect(chunk: Uint8Array): boolean {
  return chunk[0] === 0x10 && /MQTT|MQIsdp/.test(String.fromCharCode(...chunk.subarray(2, 16)));
}

function isEncrypted(chunk: Uint8Array): boolean {
  return chunk[0] === 0x16 && chunk[1] === 0x03;
}

function isRequest(chunk: Uint8Array): boolean {
  return String.fromCharCode(...chunk.subarray(0, 4)) === 'GET ';
}
