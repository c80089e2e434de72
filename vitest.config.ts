import { defineConfig } from 'vitest/config';

export default defineConfig({
  // Packages are imported from their sources: no build before a test. This list replaces the usual one, so it names Node.
  ssr: { resolve: { conditions: ['@omqtt/source', 'node'] } },
  test: {
    include: ['{packages,apps,tooling}/*/test/**/*.test.ts'],
    // A test that passes at the second try is a bug that nobody looks at.
    retry: 0,
    reporters: ['default', ['json', { outputFile: '.reports/vitest.json' }]],
  },
});
