/**
 * A worker at the edge, in the form of Cloudflare's: it takes a reading by HTTP, publishes it over WebSocket, and answers
 * when the server has it. Workers keep nothing between requests, so each request has a client of its own.
 */
import { connect, MqttError } from 'omqtt';

interface Environment {
  /** Such as `wss://broker.example/mqtt`: workers open WebSockets. */
  readonly BROKER: string;
}

const worker = {
  async fetch(request: Request, { BROKER }: Environment): Promise<Response> {
    if (request.method !== 'POST') return new Response('POST a reading', { status: 405 });
    const topic = `edge${new URL(request.url).pathname}`;
    try {
      await using client = await connect(BROKER, { reconnect: false, connectTimeoutMs: 5000 });
      await client.publish(topic, await request.arrayBuffer(), { qos: 1, timeoutMs: 5000 });
      return new Response(null, { status: 204 });
    } catch (error) {
      if (!(error instanceof MqttError)) throw error;
      return Response.json({ code: error.code }, { status: error.retryable ? 503 : 502 });
    }
  },
};

export default worker;
