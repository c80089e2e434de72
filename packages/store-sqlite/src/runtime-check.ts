/** SQLite comes as native code, which ends the process on a runtime that it was not built for: that is found out before. */
import type { StoreFault } from './sqlite-store-error.ts';

type Versions = Readonly<Record<string, string | undefined>>;

/** Native code for `napi` 9 and later, and a checksum that came with 22.2. */
const LEAST_NODE = [22, 2] as const;

/** What keeps the runtime from running this store, if anything does. */
export function runtimeFault({ bun, node = '' }: Versions): StoreFault | undefined {
  if (bun !== undefined) return refusal(`Bun ${bun}`);
  const [major = 0, minor = 0] = node.split('.').map(Number);
  const isNew = major > LEAST_NODE[0] || (major === LEAST_NODE[0] && minor >= LEAST_NODE[1]);
  return isNew ? undefined : refusal(`Node ${node}`);
}

function refusal(runtime: string): StoreFault {
  const fact = `it needs Node ${LEAST_NODE.join('.')} or newer, and this is ${runtime}; update it, or use another store`;
  return { code: 'store-failed', fact };
}
