/** Other bundlers than the one that weighs: what they make has to run in a browser without a polyfill too. */
import { readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { join } from 'node:path';
import { nodeResolve } from '@rollup/plugin-node-resolve';
import { rollup } from 'rollup';
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
  async Rollup(project) {
    // Alone it reads no node_modules; the plugin is the one that its own manual names.
    const plugins = [nodeResolve({ browser: true })];
    const bundle = await rollup({ input: join(project, 'browser-entry.js'), plugins, onLog: refuseLog });
    const { output } = await bundle.generate({ format: 'es' });
    await bundle.close();
    refuseNodeNames(output.map((file) => ('code' in file ? file.code : '')).join('\n'));
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

/** By itself Rollup leaves what it does not find to whoever runs the bundle, and only says so. */
function refuseLog(level: string, { message }: { readonly message: string }): void {
  if (level === 'warn') throw new Error(message);
}

/** By itself Vite puts an empty module in the place of one of Node, which would be noticed by users only. */
const refuseNodeModules: Plugin = {
  name: 'refuse-node-modules',
  enforce: 'pre',
  resolveId(specifier) {
    if (isBuiltin(specifier)) throw new Error(`The bundle needs ${specifier}`);
  },
};
