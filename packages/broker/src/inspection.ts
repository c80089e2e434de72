/** What the broker holds, as plain values for those who look. */
import type { ProtocolVersion, PublishProperties, QoS, RetainHandling } from '@omqtt/codec';
import type { Engine } from './engine.ts';
import type { Message } from './message.ts';

export interface ClientView {
  readonly clientId: string;
  readonly version: ProtocolVersion;
  readonly username: string | undefined;
  readonly peer: string;
  /** Milliseconds since 1970. */
  readonly connectedAt: number;
}

export interface SessionView {
  readonly clientId: string;
  readonly isConnected: boolean;
  readonly expirySeconds: number;
  /** QoS 1 and 2 messages that wait for the client or its window. */
  readonly queued: number;
  readonly queuedBytes: number;
  /** Sent, and not finished. */
  readonly inFlight: readonly {
    readonly packetId: number;
    readonly stage: 'sent' | 'released';
    readonly topic: string;
  }[];
  /** QoS 2 messages of the client whose PUBREL has not come. */
  readonly inboundIds: readonly number[];
  readonly hasDelayedWill: boolean;
}

export interface SubscriptionView {
  readonly clientId: string;
  readonly filter: string;
  readonly qos: QoS;
  readonly noLocal: boolean;
  readonly retainAsPublished: boolean;
  readonly retainHandling: RetainHandling;
  readonly identifier: number | undefined;
}

export interface RetainedView {
  readonly topic: string;
  readonly payload: Uint8Array;
  readonly qos: QoS;
  readonly properties: PublishProperties | undefined;
}

export function viewClients({ connections }: Engine): ClientView[] {
  return [...connections]
    .filter(({ phase }) => phase === 'connected')
    .map(({ clientId, version, username, transport, connectedAt }) => ({
      clientId,
      version,
      username,
      peer: transport.info.peer,
      connectedAt,
    }));
}

export function viewSessions({ sessions }: Engine): SessionView[] {
  return [...sessions.values()].map(({ clientId, connection, expirySeconds, outbound, inboundIds, will }) => ({
    clientId,
    isConnected: connection !== undefined,
    expirySeconds,
    queued: outbound.queued,
    queuedBytes: outbound.queuedBytes,
    inFlight: [...outbound.inFlight].map(({ packetId, stage, delivery }) => ({
      packetId,
      stage,
      topic: delivery.message.topic,
    })),
    inboundIds: [...inboundIds],
    hasDelayedWill: will !== undefined,
  }));
}

export function viewSubscriptions({ sessions }: Engine): SubscriptionView[] {
  return [...sessions.values()].flatMap(({ clientId, subscriptions }) =>
    [...subscriptions.values()].map(({ kind: _, session: _session, ...subscription }) => ({
      clientId,
      ...subscription,
    })),
  );
}

export function viewRetained({ retained, clock }: Engine): RetainedView[] {
  return retained.all(clock.now()).map(viewMessage);
}

function viewMessage({ topic, payload, qos, properties }: Message): RetainedView {
  return { topic, payload: payload.slice(), qos, properties };
}
