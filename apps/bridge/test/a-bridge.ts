/** A bridge on free ports, ended with the test, and what tests ask it. */
import { onTestFinished } from 'vitest';
import { type Bridge, type BridgeOptions, startBridge } from '../src/index.ts';

export interface TestBridge extends Bridge {
  call(method: string, path: string, init?: RequestInit): Promise<Answer>;
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** Of JSON bodies. */
  readonly body: Readonly<Record<string, unknown>>;
}

export async function aBridge(options: BridgeOptions = {}): Promise<TestBridge> {
  const bridge = await startBridge({
    ...options,
    // A busy machine is no reason to refuse what a test asks for.
    http: { port: 0, maximumLoopDelayMs: 60_000, ...options.http },
    ops: { port: 0, drainMs: 500, ...options.ops },
  });
  onTestFinished(() => bridge.close());
  return { ...bridge, call: (method, path, init) => call(`${bridge.url}${path}`, { ...init, method }) };
}

async function call(url: string, init: RequestInit): Promise<Answer> {
  const response = await fetch(url, init);
  const text = await response.text();
  const isJson =
    /json/.test(response.headers.get('content-type') ?? '') &&
    !/ndjson/.test(response.headers.get('content-type') ?? '');
  const body = isJson && text !== '' ? (JSON.parse(text) as Readonly<Record<string, unknown>>) : {};
  return { status: response.status, headers: response.headers, text, body };
}

/** Resolves when a broker is connected to. */
export async function ready(bridge: Bridge): Promise<void> {
  for (;;) {
    const { status } = await fetch(`${bridge.adminUrl ?? ''}/readyz`);
    if (status === 200) return;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
