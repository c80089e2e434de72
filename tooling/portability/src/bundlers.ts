/** Other bundlers than the one that weighs: what they make has to run in a browser without a polyfill too. */
import { readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { join } from 'node:path';
import { build, type Plugin } from 'vite';
import webpack from 'webpack';
import { refuseNodeNames } from './browser-bundle.ts';

/** Bundles `browser-entry.js` of the project, with what each does by itself; throws if Node is needed. */
export const bundlers: Readonly<Record<string, (project: string) => Promise<void>>> = {
  async Vite(project) {
    const outDir = join(project, 'vite');
    await build({
      root: project,
      configFile: false,
      logLevel: 'silent',
      plugins: [refuseNodeModules],
      build: {
        outDir,
        target: 'es2023',
        lib: { entry: join(project, 'browser-entry.js'), formats: ['es'], fileName: () => 'bundle.js' },
      },
    });
    refuseNodeNames(readFileSync(join(outDir, 'bundle.js'), 'utf8'));
  },
  async webpack(project) {
    const path = join(project, 'webpack');
    await new Promise<void>((resolve, reject) => {
      const options: webpack.Configuration = {
        mode: 'production',
        target: 'web',
        context: project,
        entry: join(project, 'browser-entry.js'),
        output: { path, filename: 'bundle.js', library: { type: 'module' } },
        experiments: { outputModule: true },
        performance: false,
      };
      webpack(options, (error, stats) => {
        if (error) reject(error);
        else if (stats?.hasErrors()) reject(new Error(stats.toString({ all: false, errors: true })));
        else resolve();
      });
    });
    refuseNodeNames(readFileSync(join(path, 'bundle.js'), 'utf8'));
  },
};

/** By itself Vite puts an empty module in the place of one of Node, which would be noticed by users only. */
const refuseNodeModules: Plugin = {
  name: 'refuse-node-modules',
  enforce: 'pre',
  resolveId(specifier) {
    if (isBuiltin(specifier)) throw new Error(`The bundle needs ${specifier}`);
  },
};
