import { defineConfig } from 'vitepress';

const guides = [
  { text: 'First steps', link: '/guide/first-steps' },
  { text: 'Durability', link: '/guide/durability' },
  { text: 'Reconnecting and errors', link: '/guide/reconnecting' },
  { text: 'Back-pressure', link: '/guide/back-pressure' },
  { text: 'TLS and proxies', link: '/guide/tls-and-proxies' },
  { text: 'Browsers, workers, React Native', link: '/guide/browsers' },
  { text: 'Testing your own code', link: '/guide/testing' },
  { text: 'Moving from MQTT.js', link: '/guide/from-mqtt-js' },
  { text: 'Scale', link: '/guide/scale' },
  { text: 'Bridge: MQTT over HTTP', link: '/guide/bridge' },
  { text: 'Inspector: see what is on the wire', link: '/guide/inspector' },
  { text: 'Command line', link: '/cli' },
  { text: 'Examples', link: '/examples/' },
];

const reference = [
  { text: 'API', link: '/api/' },
  { text: 'Error codes', link: '/reference/error-codes' },
  { text: 'Reason codes', link: '/reference/reason-codes' },
  { text: 'Conformance', link: '/reference/conformance' },
  { text: 'Interoperability', link: '/interop' },
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
  // The pages are Markdown for everybody, not templates of Vue: `<name>` and `{{name}}` are text.
  markdown: {
    html: false,
    config({ renderer: { rules } }) {
      const plain = rules.text;
      rules.text = (...given) => (plain?.(...given) ?? '').replaceAll('{{', '&#123;&#123;');
    },
  },
  themeConfig: {
    search: { provider: 'local' },
    sidebar: [
      { text: 'Guides', items: guides },
      { text: 'Reference', items: reference },
    ],
  },
});
