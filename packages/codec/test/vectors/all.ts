import { acknowledgementVectors } from './acknowledgements.ts';
import { connackVectors } from './connack.ts';
import { connectVectors } from './connect.ts';
import { authVectors, disconnectVectors, pingVectors } from './ping-disconnect-auth.ts';
import { publishVectors } from './publish.ts';
import { subscriptionVectors } from './subscriptions.ts';
import type { Vector } from './vector.ts';

/** Sound packets of every type in both versions, in their short and long forms. */
export const allVectors: readonly Vector[] = [
  ...connectVectors,
  ...connackVectors,
  ...publishVectors,
  ...acknowledgementVectors,
  ...subscriptionVectors,
  ...pingVectors,
  ...disconnectVectors,
  ...authVectors,
];
