import { existsSync } from 'node:fs';
import { expect, test } from 'vitest';
import { harness } from './harness.ts';

const { omqtt, broker } = await harness();
/** A device that is always full, where there is one. */
const FULL = '/dev/full';

test.skipIf(!existsSync(FULL))('messages that cannot be written are no success: 12, and why', async () => {
  await broker.publish({ topic: 'a', payload: 'x', retain: true });
  const { status, stderr } = await omqtt.shell(`omqtt sub -L ${broker.url} -t a -C 1 > ${FULL}`);
  expect([status, stderr]).toEqual([12, 'omqtt: cannot write "standard output": there is no space left\n']);
});

test.skipIf(!existsSync(FULL))('so it is while more would come', async () => {
  await broker.publish({ topic: 'a', payload: 'x', retain: true });
  const { status, stderr } = await omqtt.shell(`omqtt sub -L ${broker.url} -t a --json > ${FULL}`);
  expect([status, JSON.parse(stderr)]).toMatchObject([12, { code: 'local-file', exit: 12 }]);
});
