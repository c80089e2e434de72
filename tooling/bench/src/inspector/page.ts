/** The page in Chromium: what it weighs, how long filters take, and the first paint of long lists. Its package measures it. */
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const TIMEOUT_MS = 600_000;

export async function measurePage(): Promise<string> {
  const script = fileURLToPath(new URL('../../../../apps/inspector/test/page/measure.ts', import.meta.url));
  const args = ['--conditions=@omqtt/source', script];
  const { stdout } = await promisify(execFile)(process.execPath, args, { timeout: TIMEOUT_MS });
  return stdout.trimEnd();
}
