import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parse } from 'yaml';

const root = join(import.meta.dirname, '../../..');
const paths = globSync('.github/workflows/*.yml', { cwd: root });

interface Step {
  readonly uses?: string;
  readonly run?: string;
  readonly env?: Readonly<Record<string, string>>;
}

interface Workflow {
  readonly permissions: Readonly<Record<string, string>>;
  readonly jobs: Readonly<
    Record<string, { readonly permissions?: Readonly<Record<string, string>>; readonly steps: readonly Step[] }>
  >;
}

const workflows = paths.map((path) => [path, parse(readFileSync(join(root, path), 'utf8')) as Workflow] as const);
const stepsOf = ({ jobs }: Workflow): Step[] => Object.values(jobs).flatMap(({ steps }) => steps);

test.each(workflows)('%s uses actions by the commit, and has no more permissions than it says', (_path, workflow) => {
  for (const { uses } of stepsOf(workflow)) expect(uses ?? '@'.padEnd(41, '0')).toMatch(/@[0-9a-f]{40}$/);
  expect(workflow.permissions).not.toContain('write');
});

test.each(workflows)('%s runs scripts that there are', (_path, workflow) => {
  const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    readonly scripts: Readonly<Record<string, string>>;
  };
  const commands = stepsOf(workflow).flatMap(({ run }) => run ?? []);
  expect(commands).toContain('bash .ci/run');
  const names = commands.flatMap((command) => /^npm run (\S+)$/.exec(command)?.[1] ?? []);
  expect(names.filter((name) => !(name in scripts))).toEqual([]);
});

test('what is published says by a signed statement where it comes from', () => {
  const publish = workflows.find(([path]) => path.endsWith('publish.yml'))?.[1];
  expect(publish?.jobs['publish']?.permissions).toEqual({ contents: 'read', 'id-token': 'write' });
  const step = publish?.jobs['publish']?.steps.find(({ run }) => run === 'npm run release:publish');
  expect(step?.env).toMatchObject({ NPM_CONFIG_PROVENANCE: 'true', PNPM_CONFIG_PROVENANCE: 'true' });
});
