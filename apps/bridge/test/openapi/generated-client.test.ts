import { execFile } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import openapiTypescript, { astToString } from 'openapi-typescript';
import { describe, expect, onTestFinished, test } from 'vitest';
import { printedOpenApi } from '../../src/openapi/print-openapi.ts';
import { aBridge, ready } from '../a-bridge.ts';

const run = promisify(execFile);
const here = join(import.meta.dirname, 'client');

/** Inside of the package, so that its dependencies are found. */
function aFolder(): string {
  const parent = join(import.meta.dirname, '../../node_modules/.cache');
  mkdirSync(parent, { recursive: true });
  const folder = mkdtempSync(join(parent, 'client-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return folder;
}

describe('a client generated from the OpenAPI document', () => {
  test('has types that hold for what the bridge answers, and that do not let mistakes through', async () => {
    const folder = aFolder();
    const types = astToString(await openapiTypescript(await printedOpenApi()));
    writeFileSync(join(folder, 'bridge-api.ts'), types);
    // They do not compile where they are, without the types.
    for (const name of ['use-client.ts', 'misuse-client.ts']) {
      copyFileSync(join(here, `${name}.txt`), join(folder, name));
    }
    const compilerOptions = {
      target: 'es2023',
      module: 'nodenext',
      strict: true,
      skipLibCheck: true,
      lib: ['es2023', 'dom', 'dom.iterable'],
      types: ['node'],
      rewriteRelativeImportExtensions: true,
    };
    writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, include: ['*.ts'] }));
    const compiler = join(import.meta.dirname, '../../../../node_modules/typescript/bin/tsc');
    const checked = await run(process.execPath, [compiler, '-p', folder]).catch((error: unknown) => error);
    expect((checked as { stdout: string }).stdout).toBe('');

    const bridge = await aBridge();
    await ready(bridge);
    const { stdout } = await run(process.execPath, [join(folder, 'use-client.js'), bridge.url]);
    expect(JSON.parse(stdout)).toMatchObject({
      guarantee: 'broker-ack',
      codes: [200, 'topic-invalid'],
      read: { topic: 'room/ä 1', payload: { celsius: 21.5 }, encoding: 'json', retain: true, qos: 1 },
      outcome: 'no-retained',
      nothing: 404,
      refused: 'broker-unknown',
    });
  }, 30_000);
});
