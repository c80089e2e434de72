/** `--exec`: a command for each message, one after the other. */
import { spawn } from 'node:child_process';
import type { ReceivedMessage } from '../output/received-message.ts';

export interface CommandResult {
  readonly status: number | null;
  readonly output: Buffer;
}

/** More is cut off: an answer is a message, not a file system. */
const MOST_OUTPUT = 16 * 1024 * 1024;

/** The payload is its standard input; facts of the message are in its environment. With `capture` its output is the result. */
export function runForMessage(
  command: string,
  message: ReceivedMessage,
  { capture, env }: { readonly capture: boolean; readonly env: Readonly<Record<string, string | undefined>> },
): Promise<CommandResult> {
  return new Promise((resolve, reject) => {
    const child = spawn('/bin/sh', ['-c', command], {
      env: { ...env, ...factsOf(message) },
      stdio: ['pipe', capture ? 'pipe' : 'inherit', 'inherit'],
    });
    const chunks: Buffer[] = [];
    let size = 0;
    child.stdout?.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size <= MOST_OUTPUT) chunks.push(chunk);
    });
    child.on('error', reject);
    child.on('close', (status) => resolve({ status, output: Buffer.concat(chunks) }));
    // A command that does not read its input is none of our business.
    child.stdin?.on('error', () => undefined);
    child.stdin?.end(message.payload);
  });
}

function factsOf({ topic, qos, retain, properties }: ReceivedMessage): Record<string, string> {
  const { contentType, responseTopic, correlationData, userProperties = [] } = properties;
  return {
    OMQTT_TOPIC: topic,
    OMQTT_QOS: String(qos),
    OMQTT_RETAIN: retain ? '1' : '0',
    ...(contentType !== undefined && { OMQTT_CONTENT_TYPE: contentType.replaceAll('\0', '') }),
    ...(responseTopic !== undefined && { OMQTT_RESPONSE_TOPIC: responseTopic }),
    ...(correlationData && { OMQTT_CORRELATION_HEX: Buffer.from(correlationData).toString('hex') }),
    ...(userProperties.length > 0 && { OMQTT_USER_JSON: JSON.stringify(userProperties) }),
  };
}
