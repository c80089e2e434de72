/** What the types of a generated client do not let through: each line that is marked is an error, and no other is. */
import createClient from 'openapi-fetch';
import type { paths } from './bridge-api.ts';

const bridge = createClient<paths>({ baseUrl: 'http://localhost:8080/v1' });

// @ts-expect-error -- there is no QoS 3
await bridge.POST('/publish', { body: { topic: 'a', qos: 3 } });
// @ts-expect-error -- a message has a topic
await bridge.POST('/publish', { body: { payload: 'x' } });
// @ts-expect-error -- there is no such path
await bridge.POST('/publish/everything', { body: {} });
// @ts-expect-error -- a filter is missing
await bridge.GET('/retained', {});
const { data, error } = await bridge.POST('/publish', { body: { topic: 'a' } });
// @ts-expect-error -- it is not called that
console.log(data?.messageId);
// @ts-expect-error -- what can go wrong is listed
console.log(error?.code === 'no-such-code');
