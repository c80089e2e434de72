/** The benchmarks by the name that `pnpm bench NAME` takes. */
import { bridgeMeasurement } from './bridge/measurement.ts';
import { brokerMeasurement } from './broker/measurement.ts';
import { bundleMeasurement } from './bundle/measurement.ts';
import { publishMeasurement, receiveMeasurement } from './client/measurement.ts';
import { roundTripMeasurement } from './client/round-trip-measurement.ts';
import { cliMeasurement } from './cli/measurement.ts';
import { codecBenchmark } from './codec/benchmark.ts';
import { connectionsMeasurement } from './connections/measurement.ts';
import type { Benchmark, Measurement } from './contest.ts';
import { durableMeasurement } from './durable/measurement.ts';
import { inspectMeasurement } from './inspect/measurement.ts';
import { inspectorMeasurement } from './inspector/measurement.ts';
import { largeMeasurement } from './large/measurement.ts';
import { routingMeasurement } from './routing/measurement.ts';
import { soakMeasurement } from './soak/measurement.ts';
import { startupMeasurement } from './startup/measurement.ts';

export const benchmarks: Readonly<Record<string, Benchmark>> = {
  codec: codecBenchmark,
};

/** What is measured once, in processes of its own, instead of round by round. */
export const measurements: Readonly<Record<string, Measurement>> = {
  bridge: bridgeMeasurement,
  broker: brokerMeasurement,
  bundle: bundleMeasurement,
  cli: cliMeasurement,
  connections: connectionsMeasurement,
  durable: durableMeasurement,
  inspect: inspectMeasurement,
  inspector: inspectorMeasurement,
  large: largeMeasurement,
  publish: publishMeasurement,
  receive: receiveMeasurement,
  roundtrip: roundTripMeasurement,
  routing: routingMeasurement,
  soak: soakMeasurement,
  startup: startupMeasurement,
};
