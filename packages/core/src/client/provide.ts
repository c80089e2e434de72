/** Values that may be computed for each attempt. */
import type { AttemptContext, Provider } from './options.ts';

export async function provide<Value>(provider: Provider<Value>, context: AttemptContext): Promise<Value> {
  // Providers are plain data or functions of the context; a value is never itself a function.
  if (typeof provider === 'function') return (provider as (context: AttemptContext) => Value | Promise<Value>)(context);
  return provider;
}
