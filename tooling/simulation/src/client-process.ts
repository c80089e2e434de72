/**
 * A driver for the session, as small as one can be that does its effects in order: persist, send, deliver, settle, close.
 * What comes while a commit is under way is committed together. It lives until its process crashes.
 */
import { encode, PacketStream, type MqttError, type Packet } from '@omqtt/codec';
import { ConnectionLostError, type EffectBatch, type RestoredSession, type Session } from '@omqtt/core/session';
import type { ClientWorld } from './client-world.ts';
import type { Link } from './network.ts';
import { ClosedError } from './operations.ts';
import { PublishLine } from './publish-line.ts';
import type { CommitEnd } from './store-model.ts';
import { hold } from './violation.ts';
import { WireWatch } from './wire-watch.ts';

interface Batch {
  readonly effects: EffectBatch;
  /** Those of the packets to send that nobody has taken yet. */
  readonly unsent: Packet[];
  readonly link: Link | undefined;
}

export class ClientProcess {
  readonly session: Session;
  readonly line: PublishLine;
  readonly #world: ClientWorld;
  readonly #watch: WireWatch;
  #link: Link | undefined;
  #stream: PacketStream | undefined;
  /** With the store, or being carried out. */
  #batch: Batch | undefined;
  #isWorking = false;
  #isDead = false;
  #isReading = false;
  #isClosing = false;
  /** The deadline of the session, by its clock. */
  #armedFor = Infinity;
  #wakesAt = Infinity;
  #dueAt = Infinity;

  constructor(world: ClientWorld, kept: RestoredSession | undefined) {
    this.#world = world;
    this.#watch = new WireWatch(world);
    this.session = new world.Session(world.setup.session, world.setup.clientId);
    this.line = new PublishLine(world, this.session);
    if (kept !== undefined) this.session.restore(kept);
  }

  get link(): Link | undefined {
    return this.#link;
  }

  /** One call of the session, or several, and all that follows from it. */
  turn(act: (session: Session, now: number) => void): void {
    if (this.#isDead) return;
    const now = this.#world.clock.now;
    act(this.session, now);
    this.line.advance(now);
    this.#world.watchMemory(this.session);
    this.#drain();
    this.#arm();
    this.#readOn();
  }

  // What the session wants of the store comes after a while, and a few messages at a time.
  #readOn(): void {
    const { store, timeline, coverage } = this.#world;
    const after = this.session.wantedAfter;
    if (after === undefined || store === undefined || this.#isReading) return;
    this.#isReading = true;
    timeline.after(READ_MS, () => {
      this.#isReading = false;
      coverage.count('store: read on');
      this.turn((session, now) => session.readOn(store.readBehind(after).slice(0, READ_WINDOW), now));
    });
  }

  // What comes up while a batch is at work stays in the session, and becomes the next batch.
  #drain(): void {
    if (this.#isWorking) return;
    this.#isWorking = true;
    while (this.#batch === undefined && this.session.hasEffects && !this.#isDead) {
      const effects = this.session.takeEffects();
      this.#batch = { effects, unsent: [...effects.send], link: this.#link };
      this.#commit(this.#batch);
    }
    this.#isWorking = false;
  }

  #commit(batch: Batch): void {
    const { store } = this.#world;
    const { persist } = batch.effects;
    if (store === undefined || persist.length === 0) this.#perform(batch);
    else store.commit(persist, (end) => this.#onCommit(batch, end));
  }

  #onCommit(batch: Batch, end: CommitEnd): void {
    const { coverage, timeline } = this.#world;
    coverage.count(`store: ${end}`);
    // Whoever cannot store stops: after a restart it is as if the batch had never been.
    if (end === 'fatal') this.#world.onStoreLost();
    else if (end === 'failed') timeline.after(RETRY_MS, () => this.#isDead || this.#commit(batch));
    else {
      this.#perform(batch);
      this.#drain();
      this.#arm();
    }
  }

  #perform(batch: Batch): void {
    const { effects, unsent, link } = batch;
    if (link !== undefined && link === this.#link) this.#write(link, unsent.splice(0));
    for (const notification of effects.deliver) {
      if (notification.type === 'message') this.#world.application.take(notification);
      else this.#world.onNotification(notification);
    }
    for (const settlement of effects.settle) this.#world.operations.settle(settlement);
    this.#batch = undefined;
    if (effects.close !== undefined && link === this.#link) this.endLink(effects.close.error);
  }

  #write(link: Link, packets: readonly Packet[]): void {
    if (packets.length === 0) return;
    const chunks = packets.map((packet) => {
      this.#watch.sent(packet);
      return encode(packet, this.#world.setup.version);
    });
    link.writeUp(chunks.length === 1 ? (chunks[0] as Uint8Array) : Buffer.concat(chunks));
  }

  /** Dials, and sends CONNECT. */
  open(cleanStart: boolean): void {
    if (this.#isDead || this.#isClosing || this.#link !== undefined) return;
    const { setup, dial } = this.#world;
    const { keepAliveSeconds, maximumPacketBytes, expirySeconds, wantsProblemInformation } = setup.client;
    const isV5 = setup.version === '5.0';
    const { clientId } = this.session;
    const link = dial({ bytes: (chunk) => this.#read(link, chunk), closed: () => this.#onClosed(link) });
    this.#link = link;
    this.#stream = new PacketStream({
      version: setup.version,
      role: 'client',
      ...(maximumPacketBytes !== undefined && { maximumPacketBytes }),
    });
    this.#watch.begin();
    const properties = {
      ...(expirySeconds > 0 && { sessionExpirySeconds: expirySeconds }),
      ...(maximumPacketBytes !== undefined && { maximumPacketBytes }),
      ...(!wantsProblemInformation && { requestProblemInformation: false }),
    };
    const request = {
      operation: this.#world.operations.open('connect'),
      version: setup.version,
      cleanStart: cleanStart || (!isV5 && clientId === ''),
      keepAliveSeconds,
      properties: isV5 ? properties : {},
    };
    this.turn((session, now) => session.connect(request, now));
    this.#world.timeline.after(CONNECT_TIMEOUT_MS, () => {
      if (this.#link === link && this.session.agreement === undefined) this.endLink(new ConnectionLostError());
    });
  }

  #read(link: Link, chunk: Uint8Array): void {
    if (this.#isDead || link !== this.#link || this.#stream === undefined) return;
    const packets = this.#stream.push(chunk);
    if (packets.length === 0) return;
    this.turn((session, now) => {
      for (const packet of packets) {
        if (session.isConnected || packet.type === 'connack') this.#watch.received(packet);
        const isNext = this.#batch === undefined && !this.#isWorking;
        if (isNext && session.passesThrough(packet, now)) this.#world.downstream.deliver(packet);
        else session.receive(packet, now);
      }
    });
  }

  #onClosed(link: Link): void {
    if (!this.#isDead && link === this.#link) this.endLink(new ConnectionLostError());
  }

  /** The connection is over, whoever ended it. What was not written never will be. */
  endLink(error: MqttError | undefined): void {
    const link = this.#link;
    if (link === undefined) return;
    this.#watch.end();
    link.closeByClient();
    this.#link = undefined;
    if (this.#batch?.link === link) this.#watch.lost(this.#batch.unsent.splice(0));
    this.turn((session, now) => session.connectionLost(error, now));
    if (!this.#isClosing) this.#world.onLinkEnd(error);
  }

  // As a timer works: it counts from when it was armed, whatever the clock does in the meantime.
  #arm(): void {
    const { timeline, clock } = this.#world;
    const deadline = this.session.nextDeadline();
    if (deadline === this.#armedFor) return;
    this.#armedFor = deadline;
    this.#dueAt = deadline === Infinity ? Infinity : timeline.now + Math.max(0, Math.ceil(deadline - clock.now));
    this.#wake();
  }

  // An earlier wake-up will see to the later one.
  #wake(): void {
    if (this.#dueAt >= this.#wakesAt) return;
    const { timeline } = this.#world;
    const wakesAt = this.#dueAt;
    this.#wakesAt = wakesAt;
    timeline.at(wakesAt, () => {
      if (this.#isDead || this.#wakesAt !== wakesAt) return;
      this.#wakesAt = Infinity;
      if (this.#dueAt <= timeline.now) this.#armedFor = Infinity;
      if (this.#dueAt <= timeline.now) this.turn((session, now) => session.handleTime(now));
      else this.#wake();
    });
  }

  /** Everything is settled, and nothing happens any more. */
  close(): void {
    if (this.#isDead) return;
    this.#isClosing = true;
    const error = new ClosedError('the client was closed');
    this.turn((session, now) => session.disconnect({ reasonCode: 0 }, now));
    // The store was too slow for a goodbye.
    this.endLink(error);
    this.turn((session, now) => {
      this.line.abandon(error);
      session.abandon(error, now);
    });
  }

  /** The process ends in the middle of everything. */
  crash(): void {
    if (this.#link !== undefined) this.#watch.end();
    this.#link?.abort();
    this.#link = undefined;
    this.#isDead = true;
  }

  holdQuiet(): void {
    const { counts } = this.session;
    const open = Object.entries(counts).filter(([, count]) => count !== 0);
    hold(open.length === 0, 'quiet', () => `the session still has ${JSON.stringify(Object.fromEntries(open))}`);
    hold(this.#batch === undefined && !this.session.hasEffects, 'quiet', () => 'effects are left');
    this.#watch.holdQuiet();
  }
}

const CONNECT_TIMEOUT_MS = 8000;
const RETRY_MS = 30;
const READ_MS = 5;
const READ_WINDOW = 3;
