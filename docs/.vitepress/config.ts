import { defineConfig } from 'vitepress';

const guides = [{ text: 'Examples', link: '/examples/' }];

const reference = [
  { text: 'Parity', link: '/parity' },
  { text: 'Benchmarks', link: '/benchmarks' },
];

export default defineConfig({
  title: 'ΩQTT',
  description: 'MQTT 5.0 and 3.1.1 for every JavaScript runtime.',
  outDir: '../.reports/site',
  cacheDir: '../.reports/site-cache',
  // Links to what lies beside the pages in the repository.
  ignoreDeadLinks: [/\/(?:packages|tooling|apps)\//, /\.ts$/, /^\.\/browser$/],
  rewrites: { 'examples/README.md': 'examples/index.md' },
  themeConfig: {
    search: { provider: 'local' },
    sidebar: [
      { text: 'Guides', items: guides },
      { text: 'Reference', items: reference },
    ],
  },
});
