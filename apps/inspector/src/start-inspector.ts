/** Starts the thread that decodes, then the listeners that feed it. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { InspectorOptionError } from './inspector-errors.ts';
import { resolveOptions, type InspectorOptions, type ResolvedOptions } from './inspector-options.ts';
import { startProxy, type Proxy } from './proxy/proxy.ts';
import { InspectionThread } from './thread/inspection-thread.ts';
import { createRing } from './thread/ring.ts';
import type { InspectionSummary, ThreadOptions } from './thread/thread-messages.ts';
import { createTap, type Tap } from './tap.ts';

export interface Inspector {
  /** The page, with its token; `undefined` without a page. */
  readonly url: string | undefined;
  /** `http://127.0.0.1:PORT`. */
  readonly apiUrl: string | undefined;
  /** For `Authorization: Bearer TOKEN`. */
  readonly token: string | undefined;
  /** Where clients connect, in the order of the routes. */
  readonly listeners: readonly string[];
  /** Shows the packets of a client of this process. */
  readonly tap: Tap;
  /**
   * Ends all connections. `undefined`: the inspection has failed, so nothing was judged. `timeoutMs`: what the rest may
   * take to be decoded. Default: 10 000.
   */
  close(timeoutMs?: number): Promise<InspectionSummary | undefined>;
  [Symbol.asyncDispose](): Promise<void>;
}

/** Starts the proxy, and the page that shows what passes. */
export function startInspector(options: InspectorOptions = {}): Promise<Inspector> {
  return startResolved(resolveOptions(options));
}

/** Tests plant faults here. */
export async function startResolved(
  options: ResolvedOptions,
  plantedFault?: ThreadOptions['plantedFault'],
): Promise<Inspector> {
  const pageFolder = fileURLToPath(new URL('../dist/page/', import.meta.url));
  const thread = new InspectionThread(
    {
      ...options.thread,
      ring: createRing(options.maximumBacklogBytes),
      version: readVersion(),
      ui: options.ui && { ...options.ui, pageFolder },
      ...(plantedFault && { plantedFault }),
    },
    options.report,
  );
  const proxies: Proxy[] = [];
  const close = async (timeoutMs?: number): Promise<InspectionSummary | undefined> => {
    await Promise.all(proxies.map((proxy) => proxy.close()));
    return thread.close(timeoutMs);
  };
  try {
    const { url, apiUrl, token } = await thread.ready();
    refuseOwnPort(options, apiUrl);
    for (const { listen, upstream } of options.routes) {
      const { listenerTls, upstreamTls, report } = options;
      proxies.push(await startProxy({ listen, upstream, listenerTls, upstreamTls, report, feed: thread.feed }));
    }
    const listeners = proxies.map((proxy) => proxy.url);
    thread.tellRoutes(
      options.routes.map(({ upstream }, index) => ({ listen: listeners[index] ?? '', upstream: upstream.url })),
    );
    const tap = createTap(thread.feed);
    return { url, apiUrl, token, listeners, tap, close, [Symbol.asyncDispose]: async () => void (await close()) };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Through a route to the page, clients would come past its checks of who asks. */
function refuseOwnPort({ routes }: ResolvedOptions, apiUrl: string | undefined): void {
  const port = apiUrl === undefined ? undefined : Number(new URL(apiUrl).port);
  const own = routes.find(({ upstream }) => upstream.type !== 'unix' && upstream.port === port);
  if (own) throw new InspectorOptionError('upstream', `${own.upstream.url} has the port of the inspector's own page.`);
}

function readVersion(): string {
  const manifest = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { version: string };
  return manifest.version;
}
