// Runs in an empty project that installed the package, on every Node that it promises: what passes is seen.
import { execFileSync } from 'node:child_process';
import { createConnection, createServer } from 'node:net';
import { startInspector } from '@omqtt/inspector';

const help = execFileSync(process.execPath, ['node_modules/.bin/omqtt-inspector', '--help'], { encoding: 'utf8' });
if (!help.includes('--upstream')) throw new Error('The command does not run');

const echo = createServer((socket) => socket.on('error', () => {}).pipe(socket)).listen(0, '127.0.0.1');
await new Promise((resolve) => echo.once('listening', resolve));
const { port } = /** @type {import('node:net').AddressInfo} */ (echo.address());
const inspector = await startInspector({
  routes: [{ listen: 'mqtt://127.0.0.1:0', upstream: `mqtt://127.0.0.1:${port}` }],
  assertions: ['count(type:publish) = 2'],
});
const page = await fetch(inspector.apiUrl ?? '');
const text = await page.text();
if (!page.ok || !text.includes('<script')) throw new Error('The page is not in the package');

const publish = Uint8Array.of(0x30, 4, 0, 1, 0x61, 0x78);
const socket = createConnection(Number(new URL(inspector.listeners[0] ?? '').port), '127.0.0.1');
socket.write(publish);
/** @type {Buffer} */
const answer = await new Promise((resolve) => socket.once('data', (data) => resolve(data)));
if (!answer.equals(publish)) throw new Error('The bytes are others');
socket.destroy();
const summary = await inspector.close();
echo.close();
if (!summary?.verdicts.every(({ holds }) => holds)) throw new Error(`Not seen: ${JSON.stringify(summary)}`);
