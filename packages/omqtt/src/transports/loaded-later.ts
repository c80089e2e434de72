/** A transport whose code is loaded by the first call: most programs use one, and begin sooner without the others. */
import type { Dial } from '@omqtt/contracts';

export function loadedLater(load: () => Promise<Dial>): Dial {
  // Kept even when it fails: runtimes remember a module that did not load, so trying again would not help.
  let loading: Promise<Dial> | undefined;
  return async (target, signal) => {
    loading ??= load();
    return (await loading)(target, signal);
  };
}
