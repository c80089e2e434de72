/** Builds the page to static files: `vite build page` in apps/inspector. */
import { join } from 'node:path';
import { defineConfig, type HtmlTagDescriptor, type Plugin, type UserConfig } from 'vite';

const root = import.meta.dirname;

/** The page itself is loaded beside the script that begins, and that one waits for no style. */
const startEarly: Plugin = {
  name: 'start-early',
  transformIndexHtml: {
    order: 'post',
    handler: (html, { bundle = {} }) => {
      const chunks = Object.values(bundle).filter((output) => output.type === 'chunk');
      const page = chunks.find(({ name }) => name === 'main');
      const files = page ? [page.fileName, ...page.imports] : [];
      const tags = files
        .filter((file) => !html.includes(file))
        .map((file): HtmlTagDescriptor => ({
          tag: 'link',
          attrs: { rel: 'modulepreload', crossorigin: true, href: `./${file}` },
          injectTo: 'head',
        }));
      return { html: html.replace('<script type="module"', '<script async type="module"'), tags };
    },
  },
};

export const pageConfig: UserConfig = {
  root,
  base: './',
  plugins: [startEarly],
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
