/**
 * One WebSocket of a page: it subscribes and publishes with one frame each, every frame is answered with its id, and
 * no more frames are read than can be worked on.
 */
import { randomBytes } from 'node:crypto';
import type { RawData, WebSocket } from 'ws';
import type { Principal } from '../access/principal.ts';
import type { BrokerPool } from '../brokers/broker-pool.ts';
import type { EventHub, HubFilter } from '../events/event-hub.ts';
import { socketFrame } from '../events/event-ring.ts';
import { LiveReader } from '../events/live-reader.ts';
import { messageJson } from '../events/message-json.ts';
import { ORIGIN_PROPERTY, requireOrigins } from '../events/origin.ts';
import { snapshotOf } from '../events/snapshot.ts';
import type { BridgeContext } from '../http/bridge-context.ts';
import { problemOf } from '../http/problem-replies.ts';
import { BridgeProblem, problemBody } from '../problems/problem.ts';
import { parseEnvelope } from '../publish/envelope.ts';
import { newMessageId } from '../publish/message-id.ts';
import { publishOnce } from '../publish/publish-once.ts';
import { checkCommand, statusOf } from '../publish/publisher.ts';
import type { PublishCommand } from '../publish/publish-command.ts';
import { type FrameId, idOf, parseFrame, readFrame, type SubscribeFrame } from './socket-frames.ts';
import type { SocketOutput } from './socket-output.ts';
import { SubscriptionOutput } from './subscription-output.ts';

export interface SocketParts {
  readonly context: BridgeContext;
  readonly pool: BrokerPool;
  readonly principal: Principal;
  readonly requestId: string;
  readonly output: SocketOutput;
}

interface OpenSubscription {
  readonly hub: EventHub;
  readonly reader: LiveReader;
  readonly filters: readonly HubFilter[];
  readonly output: SubscriptionOutput;
}

/** Frames that are worked on at once; the next one waits in the network. */
const WINDOW = 100;

export class SocketSession {
  readonly #parts: SocketParts;
  readonly #socket: WebSocket;
  /** Nobody else has it, so nobody else's messages are left out. */
  readonly #origin = randomBytes(12).toString('base64url');
  /** Undefined while the broker is asked. */
  readonly #subscriptions = new Map<FrameId, OpenSubscription | undefined>();
  #filterCount = 0;
  #open = 0;

  constructor(socket: WebSocket, parts: SocketParts) {
    this.#socket = socket;
    this.#parts = parts;
    socket.on('message', (data: RawData, isBinary: boolean) => this.#receive(data as Buffer, isBinary));
    parts.output.onDrain(() => this.#readOn());
    parts.output.onClose(() => {
      for (const id of this.#subscriptions.keys()) this.#drop(id);
    });
    this.#tell({ type: 'ready', broker: parts.pool.name, origin: this.#origin });
  }

  #receive(data: Buffer, isBinary: boolean): void {
    this.#open += 1;
    if (this.#open >= WINDOW) this.#socket.pause();
    this.#answer(data, isBinary)
      .finally(() => {
        this.#open -= 1;
        this.#readOn();
      })
      // An answer is made of every error.
      .catch((error: unknown) => this.#parts.context.logger.error('a frame has failed', { error }));
  }

  #readOn(): void {
    const mayRead = this.#open < WINDOW && !this.#parts.output.isFull;
    if (mayRead) this.#socket.resume();
    else this.#socket.pause();
  }

  async #answer(data: Buffer, isBinary: boolean): Promise<void> {
    let id: FrameId | undefined;
    try {
      if (isBinary) throw new BridgeProblem('body-invalid', 'a frame is text');
      const given = parseFrame(data.toString());
      id = idOf(given);
      const frame = readFrame(given, this.#parts.context.config.streams.maximumFilters);
      if (frame.type === 'sub') await this.#subscribe(frame);
      else if (frame.type === 'pub') await this.#publish(frame.id, frame.message);
      else this.#unsubscribe(frame.id, frame.sub);
    } catch (error) {
      this.#refuse(id, problemOf(error));
    }
  }

  async #publish(id: FrameId, message: unknown): Promise<void> {
    const { context, pool, principal } = this.#parts;
    if (context.isDraining) throw new BridgeProblem('draining', 'the bridge is shutting down');
    context.shedder.check();
    const envelope = parseEnvelope(message, '/message');
    checkCommand(envelope, { principal });
    principal.spend(1, envelope.payload.length);
    const key = envelope.idempotencyKey;
    const once = { context, pool, principal, id: newMessageId(), key };
    const { id: messageId, ...result } = await publishOnce(this.#signed(envelope), once);
    this.#tell({ type: 'ack', id, status: statusOf({ id: messageId, ...result }), messageId, ...result });
  }

  /** The origin is of no use to anybody but to 5.0, and to those who asked for it. */
  #signed<Command extends PublishCommand>(command: Command): Command {
    if (!this.#parts.pool.isV5) return command;
    const given = command.properties?.userProperties ?? [];
    if (given.some(([name]) => name === ORIGIN_PROPERTY)) return command;
    const userProperties = [...given, [ORIGIN_PROPERTY, this.#origin] as const];
    return { ...command, properties: { ...command.properties, userProperties } };
  }

  async #subscribe(frame: SubscribeFrame): Promise<void> {
    const { context, pool, principal, output } = this.#parts;
    const { id, filters: wanted } = frame;
    for (const filter of wanted) principal.checkSubscribe(filter);
    this.#checkRoom(frame);
    principal.spend(wanted.length, 0);
    if (!pool.isConnected) throw pool.outage();
    this.#subscriptions.set(id, undefined);
    this.#filterCount += wanted.length;
    const hub = context.hubs.of(pool).of(frame.qos);
    const own = new SubscriptionOutput(output, id);
    const leftOutOrigin = frame.isNoLocal ? this.#origin : undefined;
    const { dropped } = context.metrics;
    const parts = { ring: hub.ring, output: own, format: 'socket', leftOutOrigin, dropped } as const;
    const reader = new LiveReader({ ...frame, ...parts });
    try {
      const filters = await hub.open(wanted, reader);
      this.#subscriptions.set(id, { hub, reader, filters, output: own });
    } catch (error) {
      own.close();
      this.#subscriptions.delete(id);
      this.#filterCount -= wanted.length;
      throw error;
    }
    // It went away while the broker was asked.
    if (output.isOver) this.#drop(id);
    else await this.#begin(frame);
  }

  /** The acknowledgement, what is retained, and then what comes. */
  async #begin(frame: SubscribeFrame): Promise<void> {
    const { id, cursor: since } = frame;
    const subscription = this.#subscriptions.get(id);
    if (subscription === undefined) return;
    const { hub, reader, filters, output } = subscription;
    const resumption = since === undefined ? undefined : hub.resume(since, filters);
    const position = resumption?.position ?? hub.ring.last;
    const cursor = hub.ring.cursor(position);
    const isResumed = resumption?.isComplete === true;
    const grants = (await Promise.all(filters.map(({ ready }) => ready))).flat();
    const subscriptions = grants.map(({ filter, qos }) => ({ filter, grantedQos: qos, reasonCode: qos }));
    this.#tell({ type: 'ack', id, subscriptions, resumed: isResumed, cursor });
    if (resumption?.isComplete === false) {
      const gap = { type: 'gap', cursor, reason: resumption.reason, from: since?.slice(0, 100), missed: null };
      output.write(Buffer.from(JSON.stringify(gap)));
    }
    if (frame.wantsSnapshot && !isResumed) await this.#sendSnapshot(frame, output);
    if (!output.isOver) reader.follow(filters, position);
  }

  async #sendSnapshot({ filters }: SubscribeFrame, output: SubscriptionOutput): Promise<void> {
    const { context, pool } = this.#parts;
    let messages = 0;
    for await (const { message, readAt } of snapshotOf(filters, context.retained.of(pool))) {
      const frame = socketFrame(messageJson(message, readAt));
      if (output.hasRoom(frame.length)) output.write(frame);
      messages += 1;
    }
    output.write(Buffer.from(JSON.stringify({ type: 'snapshot-end', heuristic: true, messages })));
  }

  #checkRoom({ id, filters, isNoLocal }: SubscribeFrame): void {
    const { maximumFilters } = this.#parts.context.config.streams;
    if (this.#subscriptions.has(id)) throw new BridgeProblem('parameter-invalid', 'this id is subscribed already');
    if (this.#filterCount + filters.length > maximumFilters) {
      throw new BridgeProblem('stream-limit', `a socket has at most ${maximumFilters} filters`);
    }
    if (isNoLocal) requireOrigins(this.#parts.pool);
  }

  #unsubscribe(id: FrameId, sub: FrameId): void {
    if (this.#subscriptions.get(sub) === undefined) {
      throw new BridgeProblem('parameter-invalid', 'nothing is subscribed with this id');
    }
    this.#drop(sub);
    this.#tell({ type: 'ack', id });
  }

  #drop(id: FrameId): void {
    const subscription = this.#subscriptions.get(id);
    if (subscription === undefined) return;
    const { hub, reader, filters, output } = subscription;
    this.#subscriptions.delete(id);
    this.#filterCount -= filters.length;
    output.close();
    hub.leave(filters, reader);
  }

  #refuse(id: FrameId | undefined, problem: BridgeProblem): void {
    const { context, requestId } = this.#parts;
    context.metrics.countProblem(problem);
    if (problem.code === 'internal-error') {
      context.logger.error('a frame has failed', { request: requestId, error: problem.cause });
    }
    this.#tell({ type: 'err', ...(id !== undefined && { id }), problem: problemBody(problem, requestId) });
  }

  #tell(value: object): void {
    this.#parts.output.write(Buffer.from(JSON.stringify(value)));
  }
}
