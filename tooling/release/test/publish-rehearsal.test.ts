import { expect, test } from 'vitest';
import { complaintsAbout, type Published } from '../src/publish-rehearsal.ts';

const sound: Published = {
  name: 'it',
  access: 'public',
  versions: { '0.1.0': { repository: { url: 'git+https://github.com/owner/name.git' } } },
  _attachments: { 'it-0.1.0.tgz': { length: 100 } },
};

test('what is public, has one tarball and names its repository is as it should be', () => {
  expect(complaintsAbout(sound)).toEqual([]);
});

test.each<readonly [string, Partial<Published>]>([
  ['it is not public', { access: 'restricted' }],
  ['it names no repository', { versions: { '0.1.0': {} } }],
  ['it has no tarball, or an empty one', { _attachments: {} }],
  ['it has no tarball, or an empty one', { _attachments: { 'it-0.1.0.tgz': { length: 0 } } }],
])('otherwise it is told: %s', (complaint, change) => {
  expect(complaintsAbout({ ...sound, ...change })).toEqual([complaint]);
});
