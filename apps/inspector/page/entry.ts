/** What the browser runs first: small, so that the connection is on its way when the page itself arrives. */
import { begin } from './feed/beginning.ts';
import { reach } from './milestones.ts';

reach('script');
const beginning = begin();
void Promise.all([import('./main.ts'), beginning.answered]).then(([{ startPage }]) => startPage(beginning));
