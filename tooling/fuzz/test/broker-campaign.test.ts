import { expect, test } from 'vitest';
import { runBrokerCampaign } from '../src/broker-campaign.ts';

test('hostile connections do not take the broker down, keep others from it, or leave memory behind', async () => {
  const report = await runBrokerCampaign({ seed: 1, connections: 3000 });
  expect(report.roundTrips).toBe(15);
  expect(report.accepted).toBeGreaterThan(1000);
  expect(report.protocolErrors).toBeGreaterThan(500);
}, 60_000);
