/** Reads server-sent events as a browser does, one after the other. */
import { get, request as httpRequest, type IncomingMessage } from 'node:http';
import { onTestFinished } from 'vitest';

interface StreamEvent {
  readonly id: string | undefined;
  readonly event: string;
  /** The lines of data, joined. */
  readonly data: string;
}

export interface EventStream {
  readonly response: IncomingMessage;
  next(): Promise<StreamEvent>;
  /** As JSON. */
  json(event?: string): Promise<Readonly<Record<string, unknown>>>;
  close(): void;
}

export interface StreamRequest {
  readonly headers?: Readonly<Record<string, string>>;
  readonly method?: string;
  readonly body?: string;
}

export async function openStream(
  url: string,
  { headers = {}, method = 'GET', body }: StreamRequest = {},
): Promise<EventStream> {
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    const options = { headers, method, agent: false } as const;
    const request = body === undefined ? get(url, options, resolve) : httpRequest(url, options, resolve).end(body);
    request.on('error', reject);
  });
  onTestFinished(() => void response.destroy());
  const blocks = blocksOf(response);
  const next = async (): Promise<StreamEvent> => {
    for (;;) {
      const { value, done } = await blocks.next();
      if (done === true) throw new Error('the stream has ended');
      const event = parse(value);
      if (event.data !== '') return event;
    }
  };
  const json = async (wanted?: string): Promise<Readonly<Record<string, unknown>>> => {
    const { event, data } = await next();
    if (event !== (wanted ?? event)) throw new Error(`expected ${wanted ?? ''}, but there came ${event}: ${data}`);
    return JSON.parse(data) as Readonly<Record<string, unknown>>;
  };
  return { response, next, json, close: () => response.destroy() };
}

async function* blocksOf(response: IncomingMessage): AsyncGenerator<string, undefined> {
  let text = '';
  response.setEncoding('utf8');
  for await (const chunk of response) {
    text += String(chunk);
    for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
      yield text.slice(0, end);
      text = text.slice(end + 2);
    }
  }
  return undefined;
}

/** By the rules of the standard: CR, LF and CRLF end a line. */
function parse(block: string): StreamEvent {
  const fields = block
    .split(/\r\n|\r|\n/)
    .map((line) => [line.split(':', 1)[0], line.replace(/^[^:]*:? ?/, '')] as const);
  const valueOf = (name: string): string | undefined => fields.findLast(([field]) => field === name)?.[1];
  const data = fields.filter(([field]) => field === 'data').map(([, value]) => value);
  return { id: valueOf('id'), event: valueOf('event') ?? 'message', data: data.join('\n') };
}
