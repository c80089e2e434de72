/** `npm start`: a broker and what belongs to it, with a device to look at, until Ctrl-C. */
import process from 'node:process';
import { startHouse } from './src/house.ts';
import { welcome } from './src/welcome.ts';

const house = await startHouse();
console.log(welcome(house.addresses));

let isEnding = false;
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    // The second one means: at once.
    if (isEnding) process.exit(130);
    isEnding = true;
    console.log('\nGood night.');
    void house.close();
  });
}
