/** For the workflow that publishes, and only there: it changes files that are not to be committed. */
import { join } from 'node:path';
import { nameRepository } from './repository.ts';

const { GITHUB_SERVER_URL: server, GITHUB_REPOSITORY: repository } = process.env;
if (server === undefined || repository === undefined) {
  throw new Error('GITHUB_SERVER_URL and GITHUB_REPOSITORY are not set: this is for the workflow that publishes.');
}
const names = nameRepository(join(import.meta.dirname, '../../..'), { server, repository });
console.log(`${names.length} packages name ${server}/${repository} as their source.`);
