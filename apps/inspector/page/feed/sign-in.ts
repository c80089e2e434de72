/** The token in the fragment of the address. */
import { apiRoutes } from '../../src/api/routes.ts';

/** Takes it out of the address: it is in no history and no bookmark then, even when the server does not answer. */
export function takeToken(): string | undefined {
  const fragment = new URLSearchParams(location.hash.slice(1));
  const token = fragment.get('token') ?? undefined;
  if (token === undefined) return undefined;
  fragment.delete('token');
  const rest = fragment.toString();
  history.replaceState(undefined, '', `${location.pathname}${location.search}${rest && `#${rest}`}`);
  return token;
}

/** Why a socket with the token was refused, which no browser says, as a sentence; `undefined`: not for the token. */
export async function whyRefused(token: string): Promise<string | undefined> {
  try {
    const response = await fetch(apiRoutes.session, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ token }),
    });
    if (response.ok) return undefined;
    return response.status === 429
      ? 'Too many wrong tokens were tried. Wait a minute, then open the address that the inspector printed.'
      : 'This token is not valid. Open the address that the inspector printed when it started.';
  } catch {
    return 'The inspector cannot be reached. Is it still running?';
  }
}

/** Who answers nothing in that time is looked for again like one who is not there. */
const PATIENCE_MS = 5000;
const NOT_SIGNED_IN =
  'This page is not signed in to the inspector that runs here. Open the address that it printed when it started.';

/** For a page without a token, or with that of an earlier run; `undefined`: it is let in, or nobody answers. */
export async function whyStranger(): Promise<string | undefined> {
  try {
    const { status } = await fetch(apiRoutes.status, { signal: AbortSignal.timeout(PATIENCE_MS) });
    return status === 401 ? NOT_SIGNED_IN : undefined;
  } catch {
    return undefined;
  }
}
