/** No case may take long, whatever its bytes. */
import { createContext, Script } from 'node:vm';

const ALLOWED_MILLISECONDS = 50;
const ALLOWED_PER_BYTE = 0.002;
const ROUNDS = 3;

/** Throws when `work` on so many bytes takes too long each time: what else runs on the machine is slow only sometimes. */
export function examineSwiftly<Result>(bytes: number, work: () => Result): Result {
  const allowed = ALLOWED_MILLISECONDS + bytes * ALLOWED_PER_BYTE;
  let milliseconds = 0;
  for (let round = 0; round < ROUNDS; round += 1) {
    const before = process.threadCpuUsage();
    const result = work();
    const { user, system } = process.threadCpuUsage(before);
    milliseconds = (user + system) / 1000;
    if (milliseconds <= allowed) return result;
  }
  throw new TooSlowError(`${bytes} bytes took ${milliseconds.toFixed(0)} ms, and no less when tried again`);
}

class TooSlowError extends Error {
  override readonly name = 'TooSlowError';
}

/** Interrupts what never comes back. Only a script can be interrupted from outside while it runs. */
export function interruptAfter(milliseconds: number, work: () => void): void {
  new Script('work()').runInContext(createContext({ work }), { timeout: milliseconds });
}
