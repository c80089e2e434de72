/** How much memory is in use when everything that can go has gone. */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

// Asking V8 for the collector here saves everybody from starting Node with a flag.
setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

/** JavaScript objects and the memory behind typed arrays. */
export function bytesInUse(): number {
  collectGarbage();
  collectGarbage();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}
