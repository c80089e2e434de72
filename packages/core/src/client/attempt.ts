/** One attempt to connect: from the URL to CONNACK, within its time. */
import type { ConnackPacket } from '@omqtt/codec';
import type { ConnectionInfo, Target } from '@omqtt/contracts';
import type { Session } from '../session/index.ts';
import { connectRequest } from './connect-request.ts';
import type { ConnectionSnapshot } from './connection-snapshot.ts';
import type { Course } from './course.ts';
import type { Driver } from './driver.ts';
import { DialError, TimeoutError, toMqttError } from './errors.ts';
import type { Operations } from './operations.ts';
import type { AttemptContext, ClientWiring } from './options.ts';
import type { ResolvedOptions } from './resolve-options.ts';
import type { AttemptPhase, StatusBoard } from './status.ts';
import { displayUrl, parseUrl } from './target.ts';
import { unlessAborted } from './wait-limit.ts';

export interface AttemptParts {
  readonly wiring: ClientWiring;
  readonly options: ResolvedOptions;
  readonly session: Session;
  readonly driver: Driver;
  readonly operations: Operations;
  readonly status: StatusBoard;
}

export interface AttemptPlan extends Omit<AttemptContext, 'signal'> {
  /** No connection has stood yet. */
  readonly isFirst: boolean;
  readonly course: Course;
  reached(phase: AttemptPhase): void;
  /** The server has accepted; `undefined` when the connection was over in the same moment. */
  accepted(connack: ConnackPacket, facts: AcceptedFacts): ConnectionSnapshot | undefined;
}

export interface AcceptedFacts {
  readonly transport: ConnectionInfo;
  readonly credentialsExpireAt: number | undefined;
}

/** One deadline over everything, and nothing that goes on after it. */
export async function attemptConnection(
  parts: AttemptParts,
  plan: AttemptPlan,
  signal: AbortSignal,
): Promise<ConnectionSnapshot | undefined> {
  const { options, driver } = parts;
  const limit = new AbortController();
  const onStop = (): void => limit.abort(signal.reason);
  signal.addEventListener('abort', onStop, { once: true });
  const stopTimer = options.clock.wakeAt(options.clock.now() + options.connectTimeoutMs, () =>
    limit.abort(new TimeoutError('connecting', options.connectTimeoutMs)),
  );
  try {
    return await unlessAborted(connect(parts, plan, limit.signal), limit.signal);
  } catch (error) {
    driver.abandon(toMqttError(error));
    throw error;
  } finally {
    stopTimer();
    signal.removeEventListener('abort', onStop);
  }
}

async function connect(
  parts: AttemptParts,
  plan: AttemptPlan,
  signal: AbortSignal,
): Promise<ConnectionSnapshot | undefined> {
  const { options, driver, session, operations, status } = parts;
  const { attempt, lastError, isFirst, course } = plan;
  const context = { attempt, lastError, signal };
  const url = await course.nextUrl(context);
  signal.throwIfAborted();
  const { target, credentials } = parseUrl(url, options.given);
  course.goesTo(target);
  status.set({ type: 'connecting', attempt, url: displayUrl(target) });
  const { version } = course;
  const facts = { version, fallback: credentials, isFirst };
  const { request, credentialsExpireAt } = await connectRequest(options, context, facts);
  signal.throwIfAborted();
  plan.reached('connect');
  const connection = await dial(parts, plan, { target, signal });
  if (signal.aborted) {
    connection.destroy();
    signal.throwIfAborted();
  }
  plan.reached('handshake');
  driver.attach(connection, version);
  const connack = (await operations.begin('connecting', (operation) => {
    session.connect({ ...request, operation }, driver.now);
    driver.flush();
  })) as ConnackPacket;
  const snapshot = plan.accepted(connack, { transport: connection.info, credentialsExpireAt });
  // Until then the connection keeps alive the process that waits for it.
  if (options.given.unref === true) connection.unref?.();
  if (snapshot !== undefined) status.set({ type: 'connected', connection: snapshot });
  return snapshot;
}

async function dial(
  { wiring }: AttemptParts,
  plan: AttemptPlan,
  { target, signal }: { readonly target: Target; readonly signal: AbortSignal },
): ReturnType<ClientWiring['dial']> {
  try {
    return await wiring.dial(target, signal);
  } catch (error) {
    const failure = new DialError(error);
    plan.reached(failure.phase);
    throw failure;
  }
}
