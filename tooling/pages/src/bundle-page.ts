/** Bundles a page with Vite from the sources of this workspace. */
import { build } from 'vite';

export interface PageSource {
  /** Where the page and its script are. */
  readonly root: string;
  /** Where the bundle goes. Nothing may be there that is still needed. */
  readonly folder: string;
  /** The page, if it is not the `index.html` of the root. */
  readonly page?: string;
  /** Packages that cannot be found by name, since nothing installs a package in itself. */
  readonly alias?: Readonly<Record<string, string>>;
}

export async function bundlePage({ root, folder, page, alias = {} }: PageSource): Promise<void> {
  await build({
    root,
    configFile: false,
    logLevel: 'error',
    // The sources instead of what was built; the rest is what Vite does by itself.
    resolve: { conditions: ['@omqtt/source', 'module', 'browser', 'production'], alias },
    build: {
      outDir: folder,
      emptyOutDir: true,
      target: 'es2023',
      ...(page !== undefined && { rolldownOptions: { input: `${root}/${page}` } }),
    },
  });
}
