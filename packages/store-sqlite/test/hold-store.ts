/** Opens the store, puts a message into it, says so, and holds it open. */
import { sqliteStore } from '../src/index.ts';
import { message } from './messages.ts';

const store = sqliteStore(process.argv[2] ?? '');
const session = await store.open('held');
await store.commit([{ type: 'put', message: message(session.nextSequence) }]);
console.log('held');
setInterval(() => undefined, 1000);
