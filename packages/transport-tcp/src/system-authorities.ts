/** The certificate authorities that are trusted when nobody names others: those of Node, and those of the system. */
import tls, { type SecureContext, type SecureVersion } from 'node:tls';

let found: { readonly all: string[] | undefined } | undefined;
const contexts = new Map<SecureVersion, SecureContext>();

/**
 * All of them, when the system has some that Node does not have; undefined when those of Node are enough. Reading them
 * takes a tenth of a second, so it is done once in a process. Node has the means since 22.15.
 */
export function systemAuthorities(): string[] | undefined {
  found ??= { all: readAuthorities() };
  return found.all;
}

/** One context serves all connections: it holds hundreds of certificates. */
export function systemContext(minVersion: SecureVersion): SecureContext {
  const ca = systemAuthorities();
  const context = contexts.get(minVersion) ?? tls.createSecureContext({ minVersion, ...(ca && { ca }) });
  contexts.set(minVersion, context);
  return context;
}

function readAuthorities(): string[] | undefined {
  // Older ones do not have the function that the types promise.
  if (!('getCACertificates' in tls)) return undefined;
  const ofNode = tls.getCACertificates('default');
  const all = new Set([...ofNode, ...tls.getCACertificates('system')]);
  return all.size === new Set(ofNode).size ? undefined : [...all];
}
