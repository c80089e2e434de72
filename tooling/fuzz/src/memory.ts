/** How much memory is in use when everything that can go has gone. */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

// Asking V8 for the collector here saves everybody from starting Node with a flag.
setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

// Compiled code that has aged goes only some collections later than the objects.
const MOST_COLLECTIONS = 20;

/** JavaScript objects and the memory behind typed arrays, when collecting once more finds nothing. */
export function bytesInUse(): number {
  let least = afterCollecting();
  for (let count = 1; count < MOST_COLLECTIONS; count += 1) {
    const bytes = afterCollecting();
    if (count > 3 && bytes >= least) break;
    least = Math.min(least, bytes);
  }
  return least;
}

function afterCollecting(): number {
  collectGarbage();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}
