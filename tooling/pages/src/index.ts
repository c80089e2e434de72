export { bundlePage, type PageSource } from './bundle-page.ts';
export { chromiumFlags } from './chromium-flags.ts';
export { serveFolder, type ServedFolder } from './serve-folder.ts';
