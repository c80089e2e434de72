import { defineConfig } from 'vitest/config';

export default defineConfig({
  // Packages are imported from their sources: no build before a test. This list replaces the usual one, so it names Node.
  ssr: { resolve: { conditions: ['@omqtt/source', 'node'] } },
  test: {
    include: ['{packages,apps,tooling}/*/test/**/*.test.ts'],
    // Otherwise one core is left out, which is half of the machine that CI has.
    maxWorkers: '100%',
    // A test that passes at the second try is a bug that nobody looks at.
    retry: 0,
    // Ends what hangs, and says nothing of speed: a busy machine must not fail a test that only took its time.
    testTimeout: 30_000,
    hookTimeout: 30_000,
    reporters: ['default', ['json', { outputFile: '.reports/vitest.json' }]],
  },
});
