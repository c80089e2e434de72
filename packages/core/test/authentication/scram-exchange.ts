/** Plays an exchange to its end, as client and server would over the wire. */
import type { AuthContext, AuthMechanism } from '../../src/authentication/mechanism.ts';
import { bytes, context, type ScramServer, text } from './scram-server.ts';

/** Resolves with whether the server took the proof; rejects when the client gave up. */
export async function authenticate(
  mechanism: AuthMechanism,
  server: ScramServer,
  occasion: AuthContext = context(),
): Promise<boolean> {
  const challenge = server.challenge(await mechanism.start(occasion));
  const { isProven, answer } = server.judge(await mechanism.challenge(challenge));
  await mechanism.success(answer);
  return isProven;
}

/** What the client answers when the server sends exactly these messages. */
export async function converse(mechanism: AuthMechanism, serverSays: readonly string[]): Promise<readonly string[]> {
  const clientSays = [text(await mechanism.start(context()))];
  const [challenge = '', last] = serverSays;
  clientSays.push(text(await mechanism.challenge(bytes(challenge))));
  if (last !== undefined) await mechanism.success(bytes(last));
  return clientSays;
}
