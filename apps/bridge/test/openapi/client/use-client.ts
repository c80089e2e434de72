/** A program of somebody who has generated a client from the document; the test puts `bridge-api.ts` beside it. */
import createClient from 'openapi-fetch';
import type { paths } from './bridge-api.ts';

const [, , url = ''] = process.argv;
const bridge = createClient<paths>({ baseUrl: `${url}/v1` });

const published = await bridge.PUT('/topics/{topic}', {
  params: { path: { topic: 'room/ä 1' }, query: { qos: 2 } },
  body: { celsius: 21.5 },
});
const guarantee: 'transport' | 'broker-ack' | 'persisted' | undefined = published.data?.guarantee;

const batch = await bridge.POST('/publish/batch', {
  body: {
    messages: [
      { topic: 'a', payloadJson: [1], properties: { userProperties: [['k', 'v']] } },
      { topic: 'a/#', qos: 0 },
    ],
  },
});
const codes = batch.data?.results.map(({ status, problem }) => problem?.code ?? status);

const read = await bridge.GET('/topics/{topic}', {
  params: { path: { topic: 'room/ä 1' } },
  headers: { Accept: 'application/json' },
});

const nothing = await bridge.GET('/topics/{topic}', { params: { path: { topic: 'nowhere' } } });
const outcome: string | undefined = nothing.error?.code;

const elsewhere = createClient<paths>({ baseUrl: `${url}/v1/brokers/unknown` });
const refused = await elsewhere.POST('/publish', { body: { topic: 'a' } });

process.stdout.write(
  JSON.stringify({
    guarantee,
    codes,
    read: read.data,
    outcome,
    nothing: nothing.response.status,
    refused: refused.error?.code,
  }),
);
