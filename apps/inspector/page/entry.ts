/** What the browser runs first: small, so that the connection is on its way when the page itself arrives. */
import { begin } from './feed/beginning.ts';
import { reach } from './milestones.ts';

reach('script');
void start(begin());

async function start(beginning: ReturnType<typeof begin>): Promise<void> {
  const { startPage } = await import('./main.ts');
  startPage(await beginning);
}
