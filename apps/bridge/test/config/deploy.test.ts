import { join } from 'node:path';
import { expect, test } from 'vitest';
import { loadConfig } from '../../src/config/load-config.ts';

test('the example for compose is a valid configuration', () => {
  const config = loadConfig(join(import.meta.dirname, '../../deploy/bridge.yaml'), {});
  expect(config.brokers?.['main']?.url).toBe('mqtt://mosquitto');
});
