// Runs in an empty project that installed the package, on every Node that it promises: broker, sub and pub as processes.
import { spawn, spawnSync } from 'node:child_process';
import { join } from 'node:path';

const bin = join('node_modules', '@omqtt', 'cli', 'dist', 'bin.js');
/** @param {string[]} args */
const start = (...args) => spawn(process.execPath, [bin, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
/** @param {string[]} args */
const run = (...args) => spawnSync(process.execPath, [bin, ...args], { encoding: 'utf8', timeout: 20_000 });

const broker = start('broker', '--port', '0', '--quiet');
try {
  const url = (await firstOf(broker.stdout)).trim();
  const subscriber = start('sub', '-L', url, 'a/#', '-v', '-C', '1', '-W', '15');
  const shown = firstOf(subscriber.stdout);
  // Until the subscription stands, nobody gets the message.
  for (let turn = 0; turn < 50 && subscriber.exitCode === null; turn += 1) {
    const { status, stderr } = run('pub', '-L', url, 'a/b', 'hello', '-q', '1');
    if (status !== 0) throw new Error(`pub ended with ${status}: ${stderr}`);
  }
  if ((await shown) !== 'a/b hello\n') throw new Error(`sub showed ${await shown}`);

  const refused = run('pub', '-p', '1', 'a', 'b');
  if (refused.status !== 3) throw new Error(`a broker that is not there: ${refused.status}, ${refused.stderr}`);

  const [major = 0] = process.versions.node.split('.').map(Number);
  const stored = run('pub', '-L', url, 'a', 'b', '-q', '1', '-i', 'smoke', '--db', 'state.db');
  if (stored.status !== (major >= 22 ? 0 : 2)) throw new Error(`--db: ${stored.status}, ${stored.stderr}`);
  if (major < 22 && !stored.stderr.includes('--db needs Node 22.2')) throw new Error(stored.stderr);
} finally {
  broker.kill();
}

/** @param {import('node:stream').Readable} stream */
async function firstOf(stream) {
  for await (const chunk of stream) return String(chunk);
  return '';
}
