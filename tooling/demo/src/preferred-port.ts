/** The usual port where it is free, any other where it is not: what runs on this machine already keeps its place. */
export async function onPreferredPort<Server>(port: number, start: (port: number) => Promise<Server>): Promise<Server> {
  try {
    return await start(port);
  } catch (error) {
    if (!isTaken(error)) throw error;
    return await start(0);
  }
}

function isTaken(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return ('code' in error && TAKEN.has(error.code)) || isTaken(error.cause);
}

// The thread of the inspector sends no cause. If it was another one, the second try says so.
const TAKEN: ReadonlySet<unknown> = new Set(['EADDRINUSE', 'listen-failed']);
