import { execFileSync, spawn } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { readExamples } from '@omqtt/readme-examples';
import { describe, expect, onTestFinished, test } from 'vitest';
import * as omqtt from '../src/index.ts';
import { certificates, mosquitto, startBroker, type Broker } from './mosquitto.ts';

const packageFolder = join(import.meta.dirname, '..');
const readme = readFileSync(join(packageFolder, 'README.md'), 'utf8');

const examples = readExamples(packageFolder);

describe.skipIf(mosquitto.isMissing)('the README', () => {
  test.each(examples)(
    '$title: prints what it says, with a real broker [parity O10, O11]',
    async ({ program, promised }) => {
      const broker = await startBroker({ tls: true, webSocket: true });
      const folder = emptyFolder();
      copyFileSync(join(certificates, 'ca.pem'), join(folder, 'ca.pem'));
      expect(await run(atBroker(program, broker), folder)).toEqual(promised);
    },
  );
});

test('the examples compile as they stand', { timeout: 30_000 }, () => {
  const folder = emptyFolder();
  for (const [index, { program }] of examples.entries()) writeFileSync(join(folder, `example-${index}.ts`), program);
  const config = {
    extends: '../../../../tsconfig.json',
    // As in a browser, or on Node.
    compilerOptions: { lib: ['es2023', 'esnext.disposable', 'dom'], rootDir: '../../../..', noUnusedLocals: false },
    include: ['.'],
    exclude: [],
  };
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(config));
  const compiler = join(packageFolder, '../../node_modules/.bin/tsc');
  expect(execFileSync(compiler, ['-p', folder], { encoding: 'utf8' })).toBe('');
});

test('every code of an error is listed [parity O15]', () => {
  const codes = Object.values(omqtt)
    .filter((value) => typeof value === 'function' && value.prototype instanceof omqtt.MqttError)
    .map((value) => /code = ["']([^"']+)["']/.exec(String(value))?.[1]);
  const section = readme.split(/^## /m).find((each) => each.startsWith('Errors')) ?? '';
  const listed = Array.from(section.split('\n\n')[2]?.matchAll(/`([^`]+)`/g) ?? [], ([, code]) => code);
  expect(listed).toEqual([...new Set(codes)].toSorted((a = '', b = '') => a.localeCompare(b)));
});

function atBroker(program: string, broker: Broker): string {
  return program
    .replaceAll('mqtt://localhost', broker.url)
    .replaceAll('mqtts://localhost', broker.tlsUrl)
    .replaceAll('ws://localhost/mqtt', broker.webSocketUrl)
    .replaceAll("host: 'localhost', port: 1883", `host: '127.0.0.1', port: ${broker.port}`);
}

/** Inside the package, so that programs there import it by the name that users write; git ignores it. */
function emptyFolder(): string {
  const reports = join(packageFolder, '.reports');
  mkdirSync(reports, { recursive: true });
  const folder = mkdtempSync(join(reports, 'readme-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return folder;
}

async function run(program: string, folder: string): Promise<string[]> {
  const file = join(folder, 'example.ts');
  writeFileSync(file, program);
  const options = ['--conditions=@omqtt/source', '--disable-warning=ExperimentalWarning'];
  const child = spawn(process.execPath, [...options, file], { cwd: folder, stdio: ['ignore', 'pipe', 'inherit'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  return (await text(child.stdout)).trimEnd().split('\n');
}
