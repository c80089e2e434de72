/** A page in Chromium, bundled and served as its readers would. */
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { chromium, type Page } from 'playwright-core';
import { build } from 'vite';
import { onTestFinished } from 'vitest';

/** Bundles `page` of the folder into another one, and serves that. Returns the URL. */
export async function servePage(source: string, page: string, folder: string): Promise<string> {
  await build({
    root: source,
    configFile: false,
    logLevel: 'error',
    // The sources instead of what was built; the rest is what Vite does by itself.
    resolve: { conditions: ['@omqtt/source', 'module', 'browser', 'production'] },
    build: { outDir: folder, target: 'es2023', rolldownOptions: { input: join(source, page) } },
  });
  const server = createServer(({ url = '/' }, response) => {
    const file = join(folder, new URL(url, 'http://page').pathname);
    const type = file.endsWith('.html') ? 'text/html' : 'text/javascript';
    if (existsSync(file)) response.writeHead(200, { 'content-type': type }).end(readFileSync(file));
    else response.writeHead(404).end();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/${page}`;
}

export async function openPage(executablePath: string, url: string): Promise<Page> {
  const started = await chromium.launch({
    executablePath,
    // The sandbox does not work for root; the others keep it from talking to anybody but us.
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
  onTestFinished(() => started.close());
  const page = await started.newPage();
  await page.goto(url);
  return page;
}
