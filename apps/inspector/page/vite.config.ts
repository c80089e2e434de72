/** Builds the page to static files: `vite build page` in apps/inspector. */
import { join } from 'node:path';
import { defineConfig, type UserConfig } from 'vite';

const root = import.meta.dirname;

export const pageConfig: UserConfig = {
  root,
  base: './',
  // The sources instead of what was built; the rest is what Vite does by itself.
  resolve: { conditions: ['@omqtt/source', 'module', 'browser', 'production'] },
  build: {
    outDir: join(root, '../dist/page'),
    emptyOutDir: true,
    target: 'es2023',
    // A style or picture inside the page would need a hole in its Content-Security-Policy.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      // The worker is an entry like the page, so that both share what they have in common.
      input: { index: join(root, 'index.html'), 'file-worker': join(root, 'file/file-worker.ts') },
      output: { entryFileNames: 'assets/[name].js' },
    },
  },
};

export default defineConfig(pageConfig);
