/** Waits for a socket that is not open yet. Once it is open, its events are known to `socket-connection.ts` only. */
import type { Socket } from 'node:net';
import type { DialPhase } from '@omqtt/contracts';
import { aborted, type SocketError } from './socket-error.ts';

/** A part of connecting: what ends it early, and what to say when it fails. */
export interface Step {
  readonly phase: DialPhase;
  readonly signal: AbortSignal;
  /** Without an error: the other side closed without a word. */
  explain(error?: NodeJS.ErrnoException): SocketError;
}

/** Resolves at the event. Whatever comes instead destroys the socket and rejects; nothing stays attached. */
export function waitFor(event: 'connect' | 'secureConnect' | 'readable', socket: Socket, step: Step): Promise<void> {
  return new Promise((resolve, reject) => {
    const { signal } = step;
    const letGo = (): void => {
      signal.removeEventListener('abort', onAbort);
      socket.off(event, onEvent).off('error', onError).off('close', onClose);
    };
    const fail = (error: SocketError): void => {
      letGo();
      socket.destroy();
      reject(error);
    };
    const onAbort = (): void => fail(aborted(step.phase, signal));
    const onError = (error: Error): void => fail(step.explain(error));
    const onClose = (): void => fail(step.explain());
    const onEvent = (): void => {
      letGo();
      resolve();
    };

    if (signal.aborted) return onAbort();
    // What happened since the last step, while nobody listened.
    if (socket.destroyed) return fail(step.explain(socket.errored ?? undefined));
    signal.addEventListener('abort', onAbort);
    socket.on(event, onEvent).on('error', onError).on('close', onClose);
  });
}

/** Between two steps nobody listens, and an error that nobody listens to ends the process. `errored` still has it. */
export function keepErrorsQuiet(socket: Socket): void {
  socket.on('error', ignore);
}

function ignore(): void {}
