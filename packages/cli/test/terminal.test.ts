import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { harness } from './harness.ts';
import { Running } from './run-omqtt.ts';

const seen: string[] = [];
const { omqtt, broker } = await harness({
  authenticate: ({ password }) => {
    seen.push(Buffer.from(password ?? []).toString());
    return true;
  },
});
const folder = mkdtempSync(join(tmpdir(), 'omqtt-cli-'));
afterAll(() => rmSync(folder, { recursive: true }));
const at = ['-L', broker.url];

/** In a terminal of its own; what both streams show comes together. */
function onTerminal(args: readonly string[], env: Readonly<Record<string, string>> = {}, columns = 100): Running {
  const words = omqtt
    .words(args)
    .map((word) => `'${word.replaceAll("'", String.raw`'\''`)}'`)
    .join(' ');
  return new Running('script', ['-qec', `stty cols ${columns}; exec ${words}`, '/dev/null'], { env });
}

test('on a terminal, nothing from the network is obeyed; in a pipe, bytes are as they are', async () => {
  const evil = '\u001b[2Jcleared \u009b31m\u202e';
  await broker.publish({ topic: 'evil/\u2066x', payload: evil, retain: true });
  const piped = await omqtt.run(['sub', ...at, 'evil/#', '-C', '1', '-N']);
  expect(piped.stdout).toBe(evil);
  const shown = onTerminal(['sub', ...at, 'evil/#', '-C', '1', '-v']);
  const { stdout } = await shown.finished;
  expect(stdout.replaceAll('\r', '')).toBe('evil/\\u{2066}x \\x1b[2Jcleared \\x9b31m\\u{202e}\n');
  const json = await omqtt.run(['sub', ...at, 'evil/#', '-C', '1', '--json']);
  expect(json.stdout).not.toMatch(/[\u0080-\u009f\u202e\u2066]/);
  expect((JSON.parse(json.stdout) as { payload: string }).payload).toBe(evil);
});

test('errors have a colour on a terminal, but not with NO_COLOR, TERM=dumb or in a pipe', async () => {
  const args = ['pub', '-p', '1', 'a', 'b'];
  const colour = '\u001b[31momqtt:\u001b[0m';
  expect((await onTerminal(args).finished).stdout).toContain(colour);
  expect((await onTerminal(args, { NO_COLOR: '1' }).finished).stdout).toMatch(/^omqtt: /);
  expect((await onTerminal(args, { TERM: 'dumb' }).finished).stdout).toMatch(/^omqtt: /);
  expect((await omqtt.run(args)).stderr).toMatch(/^omqtt: /);
  expect((await omqtt.run(args, { env: { FORCE_COLOR: '1' } })).stderr).toContain(colour);
});

test('a password comes from file, variable, command or keyboard, and is never shown', async () => {
  writeFileSync(join(folder, 'password'), 'from a file\n');
  const pub = ['pub', ...at, 'a', 'b', '-u', 'me', '-dd'];
  const results = [
    await omqtt.run([...pub, '--password-file', join(folder, 'password')]),
    await omqtt.run([...pub, '--password-env', 'SECRET'], { env: { SECRET: 'from a variable' } }),
    await omqtt.run([...pub, '--password-cmd', 'echo from a command']),
  ];
  expect(results.map(({ status }) => status)).toEqual([0, 0, 0]);
  const asked = onTerminal([...pub, '-P']);
  await asked.shows('Password for me: ');
  asked.child.stdin.write('typed in\n');
  const typed = await asked.finished;
  expect(typed.status).toBe(0);
  expect(seen.slice(-4)).toEqual(['from a file', 'from a variable', 'from a command', 'typed in']);
  for (const { stdout, stderr } of results) {
    expect(`${stdout}${stderr}`).not.toMatch(/from a (?:file|variable|command)/);
  }
  const [prompt, ...afterPrompt] = screenOf(typed.stdout);
  expect(prompt).toMatch(/^Password for me: /);
  expect(afterPrompt.join('\n')).not.toContain('typed in');
});

test('without a terminal nobody is asked, and a password on the command line is warned about on a terminal', async () => {
  const pub = ['pub', ...at, 'a', 'b', '-u', 'me', '-P'];
  expect((await omqtt.run(pub)).stderr).toContain('there is no terminal to ask for the password');
  expect((await onTerminal([...pub, 'typed']).finished).stdout).toContain(
    'others can read a password on the command line',
  );
});

/** What stands on each line of a screen after what was written: \\r goes to its beginning, ESC [K clears its rest. */
function screenOf(recorded: string): readonly string[] {
  const clear = '\u001b[K';
  return recorded.split('\n').map((line) =>
    line.split('\r').reduce((shown, written) => {
      const [over = '', ...after] = written.split(clear);
      return `${over}${after.length > 0 ? after.join('') : shown.slice(over.length)}`;
    }, ''),
  );
}

test('bench shows one line that changes while it runs, and leaves the report alone on the screen', async () => {
  const args = ['bench', 'pub', ...at, '-q', '1', '--rate', '200', '--warmup', '0', '--duration', '2500ms'];
  const live = onTerminal(args);
  await live.shows(' total ');
  expect(screenOf(live.stdout).join('\n')).toMatch(/^\d s {2}\d+ total {2}\d+\/s {2}0 errors *$/);
  const { status, stdout } = await live.finished;
  expect(status).toBe(0);
  // Written over once a second, at the least.
  expect(stdout.match(/\r\d s /g)?.length).toBeGreaterThanOrEqual(2);
  const [head, ...rest] = screenOf(stdout);
  expect(head).toMatch(/^pub: 1 clients, QoS 1, 64 bytes, 2\.\d+ s$/);
  expect(rest.join('\n')).not.toContain('total');
});

test('on a narrow terminal the line of bench stays one line, and in a pipe there is none', async () => {
  const args = ['bench', 'pub', ...at, '-q', '1', '--rate', '200', '--warmup', '0', '--duration', '1500ms'];
  const [narrow, piped] = await Promise.all([onTerminal(args, {}, 20).finished, omqtt.run(args)]);
  const lines = [...narrow.stdout.matchAll(/\r(\d s [^\r]*)/g)].map(([, text = '']) => text.replace('\u001b[K', ''));
  expect(lines.length).toBeGreaterThan(0);
  for (const line of lines) expect(line.length).toBeLessThan(20);
  expect([piped.status, piped.stderr]).toEqual([0, '']);
});

test('a second Ctrl-C ends it at once, even when the first one waits', async () => {
  await broker.publish({ topic: 'slow', payload: 'x', retain: true });
  const running = omqtt.start(['sub', ...at, 'slow', '--exec', 'echo begun; exec sleep 5']);
  await running.shows('begun');
  running.child.kill('SIGINT');
  running.child.kill('SIGINT');
  const status = await new Promise((resolve) => running.child.once('exit', resolve));
  expect(status).toBe(130);
});
