/** Servers of a domain are tried one after the other, each once, until one takes us. */
import { MqttError } from 'omqtt';
import type { Task } from '../command.ts';
import { messageOf } from '../explain-failure.ts';
import { json } from '../options/output-options.ts';

/** Throws what the last one said, or the first that is no reason to try another. */
export async function firstServer<Connected>(
  { io, settings, talk }: Task,
  urls: readonly string[],
  connect: (url: string, index: number) => Promise<Connected>,
): Promise<Connected> {
  for (const [index, url] of urls.slice(0, -1).entries()) {
    try {
      return await connect(url, index);
    } catch (error) {
      if (io.stop.aborted || !(error instanceof MqttError && error.retryable)) throw error;
      if (settings.get(json) !== true) talk.say(`${messageOf(error)}; the next server is tried`);
    }
  }
  return connect(urls.at(-1) ?? '', urls.length - 1);
}
