/** What a process of the client has around it. */
import type { MqttError } from '@omqtt/codec';
import type { Notification, Session, SessionOptions } from '@omqtt/core/session';
import type { Application } from './application.ts';
import type { Coverage } from './coverage.ts';
import type { DownstreamMessages } from './downstream.ts';
import type { Link, LinkSink } from './network.ts';
import type { Operations } from './operations.ts';
import type { Setup } from './plan.ts';
import type { Referee } from './referee.ts';
import type { StoreModel } from './store-model.ts';
import type { Timeline } from './timeline.ts';
import type { UpstreamMessages } from './upstream.ts';
import type { WallClock } from './wall-clock.ts';

/** The class of the session, or of a copy of it with a bug. */
export type SessionClass = new (options: SessionOptions, clientId: string) => Session;

export interface ClientWorld {
  readonly Session: SessionClass;
  readonly setup: Setup;
  readonly timeline: Timeline;
  readonly clock: WallClock;
  readonly coverage: Coverage;
  readonly operations: Operations;
  readonly upstream: UpstreamMessages;
  readonly downstream: DownstreamMessages;
  readonly application: Application;
  readonly referee: Referee;
  readonly store: StoreModel | undefined;
  /** A CONNACK that was a success has come in. */
  readonly onConnack: () => void;
  readonly dial: (sink: LinkSink) => Link;
  readonly onLinkEnd: (error: MqttError | undefined) => void;
  readonly onNotification: (notification: Notification) => void;
  readonly onStoreLost: () => void;
  readonly watchMemory: (session: Session) => void;
}
