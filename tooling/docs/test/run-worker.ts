/** Stands for the platform of `worker.ts`: started with the condition `workerd`, it asks the worker three times. */
import worker from '../../../docs/examples/worker.ts';

const reading = (): Request => new Request('https://worker.example/room/1', { method: 'POST', body: '21.5' });
const BROKER = process.env['BROKER'] ?? '';

await tell(worker.fetch(new Request('https://worker.example/room/1'), { BROKER }));
await tell(worker.fetch(reading(), { BROKER }));
await tell(worker.fetch(reading(), { BROKER: 'ws://127.0.0.1:1/mqtt' }));

async function tell(answer: Promise<Response>): Promise<void> {
  const response = await answer;
  console.log(`${response.status} ${await response.text()}`.trim());
}
