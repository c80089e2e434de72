/** `npm run check -- api`: every exported function, class and option has a sentence for the reference of the API. */
import { join } from 'node:path';
import { readApi, withoutSentence } from './api-reference.ts';

const { project } = await readApi(join(import.meta.dirname, '../../..'));
const missing = withoutSentence(project);
for (const name of missing) console.error(`${name} has no sentence: write one above it, for the reference of the API.`);
process.exitCode = missing.length === 0 ? 0 : 1;
