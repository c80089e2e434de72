/** Trades the token in the fragment of the address for a cookie, and takes it out of the address. */
import { apiRoutes } from '../../src/api/routes.ts';

/** What went wrong, as a sentence; `undefined` when nothing did, or when there was no token. */
export async function signIn(): Promise<string | undefined> {
  const fragment = new URLSearchParams(location.hash.slice(1));
  const token = fragment.get('token');
  if (token === null) return undefined;
  fragment.delete('token');
  const rest = fragment.toString();
  // First, so that it is in no history and no bookmark even when the server does not answer.
  history.replaceState(undefined, '', `${location.pathname}${location.search}${rest && `#${rest}`}`);
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
