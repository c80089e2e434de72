import { array, assert, asyncProperty, constantFrom, oneof, string } from 'fast-check';
import { validateTopicName } from 'omqtt';
import { expect, test } from 'vitest';
import { withBroker } from '../with-broker.ts';

const level = oneof(
  constantFrom(
    '',
    ' ',
    '%2F',
    '%',
    '😀',
    'ä',
    '..',
    '.',
    '?',
    '&',
    ';',
    'a b',
    '"',
    '\\',
    '=',
    'e\u0301',
    ':',
    '\u2028',
  ),
  string({ unit: 'binary', maxLength: 5 }),
);

/** Empty levels at the beginning, in between and at the end are levels. */
const topics = array(level, { minLength: 1, maxLength: 5 })
  .map((levels) => levels.join('/'))
  .filter((topic) => {
    try {
      validateTopicName(topic);
      return !topic.startsWith('$');
    } catch {
      return false;
    }
  });

test('a topic is the same to the byte in the path, the query and the envelope', async () => {
  const { bridge, client } = await withBroker();
  const all = client.subscribe('#', { qos: 1 });
  await all.ready;
  await assert(
    asyncProperty(topics, async (topic) => {
      const encoded = encodeURIComponent(topic);
      const body = JSON.stringify({ topic });
      // What a caller may leave as it is: the slashes.
      const path = topic.split('/').map(encodeURIComponent).join('/');
      const isCollapsed = topic.split('/').some((one) => one === '.' || one === '..');
      const answers = [
        await bridge.call('POST', `/v1/topics/${encoded.replace(/^\.{1,2}$/, 'x')}`),
        await bridge.call('POST', `/v1/topics?topic=${encoded}`),
        await bridge.call('POST', '/v1/publish', { body, headers: { 'content-type': 'application/json' } }),
      ];
      expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
      const seen = [await all.next(), await all.next(), await all.next()].map((message) => message.topic);
      // `.` and `..` alone do not survive the URL rules of the caller; the query and the envelope are for them.
      expect(seen).toEqual([/^\.{1,2}$/.test(topic) ? 'x' : topic, topic, topic]);
      if (isCollapsed) return;
      expect((await bridge.call('POST', `/v1/topics/${path}`)).status).toBe(200);
      expect((await all.next()).topic).toBe(topic);
    }),
    { numRuns: 60 },
  );
});
