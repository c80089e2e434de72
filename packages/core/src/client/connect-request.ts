/** What CONNECT says, computed for one attempt. */
import type { ConnectProperties, ProtocolVersion } from '@omqtt/codec';
import type { ConnectRequest } from '../session/index.ts';
import { checkCredentials } from './option-checks.ts';
import { provide } from './provide.ts';
import type { AttemptContext, Credentials } from './options.ts';
import { toBytes } from './payload.ts';
import type { ResolvedOptions } from './resolve-options.ts';

export interface AttemptFacts {
  readonly version: ProtocolVersion;
  /** What stood in the URL. */
  readonly fallback: Credentials | undefined;
  /** No connection has stood yet. */
  readonly isFirst: boolean;
}

export interface ComputedRequest {
  readonly request: Omit<ConnectRequest, 'operation'>;
  readonly credentialsExpireAt: number | undefined;
}

export async function connectRequest(
  options: ResolvedOptions,
  context: AttemptContext,
  { version, fallback, isFirst }: AttemptFacts,
): Promise<ComputedRequest> {
  const { given } = options;
  const credentials = (await provide(given.credentials, context)) ?? fallback;
  if (credentials !== undefined) checkCredentials(credentials);
  const password = credentials?.password;
  const request = {
    version,
    // Later connections of the same client go on with its session; in 3.1.1 the flag also says that it ends with the
    // connection, so there it stays.
    cleanStart: options.cleanStart && (isFirst || version === '3.1.1' || options.expirySeconds === 0),
    isContinued: !isFirst,
    keepAliveSeconds: options.keepAliveSeconds,
    username: credentials?.username,
    password: password === undefined ? undefined : toBytes(password),
    will: options.will,
    properties: version === '5.0' ? await properties(options, context) : {},
  };
  return { request, credentialsExpireAt: credentials?.expiresAt };
}

async function properties(options: ResolvedOptions, context: AttemptContext): Promise<ConnectProperties> {
  const { auth, properties: extra, maximumPacketBytes } = options.given;
  const { attempt, signal } = context;
  const data = await auth?.start({ attempt, isReauthentication: false, signal });
  return {
    // Requests need to know where the answers may come to (§4.10.1).
    requestResponseInformation: true,
    ...(await provide(extra, context)),
    ...(options.expirySeconds > 0 && { sessionExpirySeconds: options.expirySeconds }),
    ...(maximumPacketBytes !== undefined && { maximumPacketBytes }),
    ...(auth && { authenticationMethod: auth.method }),
    ...(data && { authenticationData: data }),
  };
}
