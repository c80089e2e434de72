import tls from 'node:tls';

let found: { readonly authorities: string[] | undefined } | undefined;

/**
 * Whom the system trusts, together with whom Node trusts; undefined when that is the same. Node can tell since 22.15.
 * Reading them takes a tenth of a second, so it is done once in a process.
 */
export function systemAuthorities(): string[] | undefined {
  found ??= { authorities: readAuthorities() };
  return found.authorities;
}

function readAuthorities(): string[] | undefined {
  // Older ones do not have what the types promise.
  if (!('getCACertificates' in tls)) return undefined;
  const ofNode = new Set(tls.getCACertificates('default'));
  const all = new Set([...ofNode, ...tls.getCACertificates('system')]);
  return all.size === ofNode.size ? undefined : [...all];
}
