/** Runs the program of an example, from the sources of this workspace. */
import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';

export interface RunOptions {
  /** Inside the package, so that the program imports it by the name that users write. */
  readonly folder: string;
  readonly environment?: Readonly<Record<string, string>>;
}

const PATIENCE_MS = 25_000;

/** The lines that it prints; what it complains about is shown. It reads from standard input, so no file is needed. */
export async function runExample(program: string, { folder, environment }: RunOptions): Promise<readonly string[]> {
  const flags = [
    '--conditions=@omqtt/source',
    '--disable-warning=ExperimentalWarning',
    '--input-type=module-typescript',
  ];
  const child = spawn(process.execPath, [...flags, '-'], {
    cwd: folder,
    env: { ...process.env, ...environment },
    stdio: ['pipe', 'pipe', 'inherit'],
    timeout: PATIENCE_MS,
    killSignal: 'SIGKILL',
  });
  child.stdin.end(program);
  return (await text(child.stdout)).trimEnd().split('\n');
}
