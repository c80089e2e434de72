/** When the way through a proxy does not open. */
import type { Step } from './awaiting-socket.ts';
import { proxyName, type Proxy } from './proxy-url.ts';
import { SocketError } from './socket-error.ts';

export function proxyFailure(facts: { message: string; retryable: boolean; cause?: unknown }): SocketError {
  return new SocketError({ code: 'proxy-failed', phase: 'proxy', ...facts });
}

/** While the tunnel is negotiated. */
export function proxyStep(proxy: Proxy, signal: AbortSignal): Step {
  return {
    phase: 'proxy',
    signal,
    explain: (cause) => {
      const reason = cause ? ` (${cause.code ?? cause.message})` : '';
      const message = `The connection to ${proxyName(proxy)} ended before the tunnel was open${reason}.`;
      return proxyFailure({ message, retryable: true, cause });
    },
  };
}

/** The proxy itself could not be reached, or not be trusted. */
export function asProxyFailure(error: unknown, proxy: Proxy): unknown {
  if (!(error instanceof SocketError) || error.phase === 'proxy') return error;
  const { code, message, retryable } = error;
  if (code === 'aborted') return new SocketError({ code, phase: 'proxy', retryable, message, cause: error.cause });
  return proxyFailure({
    message: `There is no connection to ${proxyName(proxy)}. ${message}`,
    retryable,
    cause: error,
  });
}
