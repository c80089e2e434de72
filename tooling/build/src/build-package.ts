/** Builds the package in the working directory: what `pnpm build` runs in each package. */
import { execFileSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { bundlePackage } from './bundle-package.ts';

const folder = process.cwd();
rmSync(join(folder, 'dist'), { recursive: true, force: true });
// The declarations, and the errors.
execFileSync('tsc', ['-p', 'tsconfig.build.json', '--emitDeclarationOnly'], { cwd: folder, stdio: 'inherit' });
await bundlePackage(folder);
