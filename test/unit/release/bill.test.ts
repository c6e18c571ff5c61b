import assert from 'node:assert/strict';
import { test } from 'node:test';
import { billOfMaterials, packageUrl } from '../../../scripts/release/bill.ts';
import { packageFolder } from '../../../scripts/release/bundled-packages.ts';

const product = { name: 'agent-orchestrator', version: '0.1.0', license: 'MIT', publisher: 'agor' };
const builtAt = new Date('2026-01-02T03:04:05Z');
const zod = {
  ...{ name: 'zod', version: '4.0.0', licence: 'MIT', licenceText: 'Copyright', folder: 'node_modules/zod' },
  ...{ integrity: `sha512-${Buffer.from('hash').toString('base64')}`, partOf: ['dist/backend.js', 'dist/extension.cjs'] },
};

test('each work stands in the bill with its version, licence, hash and the programs that hold it', () => {
  const bill = JSON.parse(billOfMaterials(product, [zod], builtAt));
  assert.deepEqual([bill.bomFormat, bill.specVersion, bill.metadata.timestamp], ['CycloneDX', '1.6', '2026-01-02T03:04:05.000Z']);
  const [component] = bill.components;
  assert.deepEqual([component.name, component.version, component.purl], ['zod', '4.0.0', 'pkg:npm/zod@4.0.0']);
  assert.deepEqual(component.licenses, [{ license: { id: 'MIT' } }]);
  assert.deepEqual(component.hashes, [{ alg: 'SHA-512', content: Buffer.from('hash').toString('hex') }]);
  assert.deepEqual(
    component.properties.map(({ value }: { value: string }) => value),
    zod.partOf,
  );
  assert.deepEqual(bill.dependencies[0].dependsOn, [component['bom-ref']]);
});

test('a choice of licences is an expression, without the brackets around it', () => {
  const bill = JSON.parse(billOfMaterials(product, [{ ...zod, licence: '(MPL-2.0 OR Apache-2.0)' }], builtAt));
  assert.deepEqual(bill.components[0].licenses, [{ expression: 'MPL-2.0 OR Apache-2.0' }]);
});

test('one version in two folders is told twice, and each can be referred to', () => {
  const nested = { ...zod, folder: 'node_modules/a/node_modules/zod' };
  const bill = JSON.parse(billOfMaterials(product, [zod, nested], builtAt));
  assert.equal(new Set(bill.components.map((one: { 'bom-ref': string }) => one['bom-ref'])).size, 2);
});

test('the same build gives the same bytes, another one another number', () => {
  const bill = billOfMaterials(product, [zod], builtAt);
  assert.equal(billOfMaterials(product, [zod], builtAt), bill);
  const number = (text: string) => JSON.parse(text).serialNumber;
  assert.match(number(bill), /^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  assert.notEqual(number(billOfMaterials(product, [{ ...zod, version: '4.0.1' }], builtAt)), number(bill));
});

test('the at sign of a scope is escaped in a package URL', () => {
  assert.equal(packageUrl('@lit/reactive-element', '2.1.2'), 'pkg:npm/%40lit/reactive-element@2.1.2');
});

test('a path belongs to the innermost package', () => {
  const cases = [
    ['node_modules/zod/mini/index.js', 'node_modules/zod'],
    ['node_modules/@lit/reactive-element/index.js', 'node_modules/@lit/reactive-element'],
    ['node_modules/a/node_modules/@b/c/index.js', 'node_modules/a/node_modules/@b/c'],
    ['server/server.ts', undefined],
  ] as const;
  for (const [path, folder] of cases) assert.equal(packageFolder(path), folder);
});
