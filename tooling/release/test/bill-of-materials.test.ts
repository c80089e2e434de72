import { Spec, Validation } from '@cyclonedx/cyclonedx-library';
import { expect, test } from 'vitest';
import { billOfMaterials } from '../src/bill-of-materials.ts';
import { packagesOf } from '../src/installed-packages.ts';

const integrity = `sha512-${Buffer.alloc(64, 0xab).toString('base64')}`;
const packages = packagesOf({
  '': {},
  'node_modules/omqtt': { version: '0.1.0', license: 'MIT', dependencies: { '@omqtt/codec': '^0.1.0', ws: '^8' } },
  'node_modules/@omqtt/codec': { version: '0.1.0', license: 'MIT' },
  'node_modules/ws': { version: '8.0.0', license: '(MIT OR Apache-2.0)', integrity, peerDependencies: { absent: '1' } },
});
const facts = {
  version: '0.1.0',
  serialNumber: 'urn:uuid:3e671687-395b-41f5-a30f-a58921a69b79',
  at: new Date(Date.UTC(2026, 0, 1)),
};
const bill = billOfMaterials(packages, ['omqtt', '@omqtt/codec'], facts);

test('the bill of materials is valid by the schema of CycloneDX 1.6', async () => {
  const validator = new Validation.JsonStrictValidator(Spec.Version.v1dot6);
  expect(await validator.validate(JSON.stringify(bill))).toBeNull();
  // What shows that the validator looks.
  expect(await validator.validate(JSON.stringify({ ...bill, components: [{ name: 'no type' }] }))).not.toBeNull();
});

test('a component has its licence, its hash and a package URL', () => {
  expect(bill.components.map(({ purl }) => purl)).toEqual([
    'pkg:npm/%40omqtt/codec@0.1.0',
    'pkg:npm/omqtt@0.1.0',
    'pkg:npm/ws@8.0.0',
  ]);
  expect(bill.components[0]).toMatchObject({ group: '@omqtt', name: 'codec', licenses: [{ license: { id: 'MIT' } }] });
  expect(bill.components[2]).toMatchObject({
    licenses: [{ expression: '(MIT OR Apache-2.0)' }],
    hashes: [{ alg: 'SHA-512', content: 'ab'.repeat(64) }],
  });
});

test('the dependencies lead from what is released to what comes with it', () => {
  expect(bill.dependencies).toEqual([
    { ref: 'omqtt-release', dependsOn: ['pkg:npm/%40omqtt/codec@0.1.0', 'pkg:npm/omqtt@0.1.0'] },
    { ref: 'pkg:npm/omqtt@0.1.0', dependsOn: ['pkg:npm/%40omqtt/codec@0.1.0', 'pkg:npm/ws@8.0.0'] },
    { ref: 'pkg:npm/%40omqtt/codec@0.1.0', dependsOn: [] },
    { ref: 'pkg:npm/ws@8.0.0', dependsOn: [] },
  ]);
});
