/** The script of `browser.html`: shows the state of the connection, publishes what is typed, lists what comes. */
import { createClient } from 'omqtt';

const status = document.getElementById('status') as HTMLOutputElement;
const form = document.getElementById('form') as HTMLFormElement;
const text = document.getElementById('text') as HTMLInputElement;
const messages = document.getElementById('messages') as HTMLUListElement;
const url = new URLSearchParams(location.search).get('broker') ?? 'ws://localhost:9001/mqtt';

const client = createClient(url, { reconnect: { initial: true } }); // keeps trying, also the first time
client.on('status', ({ type }) => {
  status.value = type;
});

client.subscribe('page/chat', (message) => {
  const line = document.createElement('li');
  line.textContent = message.text(); // never innerHTML: anybody may have published it
  messages.append(line);
});

form.addEventListener('submit', (event) => {
  event.preventDefault();
  void client.publish('page/chat', text.value, { qos: 1 });
});

addEventListener('pagehide', () => void client.close());
await client.connect();
