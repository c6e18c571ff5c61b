/** The bill of materials of what is shipped, as CycloneDX 1.6. The same build gives the same bytes. Pure. */
import { createHash } from 'node:crypto';
import type { BundledPackage } from './bundled-packages.ts';

export type Product = { readonly name: string; readonly version: string; readonly license: string; readonly publisher: string };

export function billOfMaterials(product: Product, packages: readonly BundledPackage[], builtAt: Date): string {
  const own = `pkg:vscode/${product.publisher}/${product.name}@${product.version}`;
  const bill = {
    $schema: 'http://cyclonedx.org/schema/bom-1.6.schema.json',
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    serialNumber: serialNumber(packages, builtAt),
    version: 1,
    metadata: {
      timestamp: builtAt.toISOString(),
      component: {
        type: 'application',
        'bom-ref': own,
        name: product.name,
        version: product.version,
        publisher: product.publisher,
        licenses: licensesOf(product.license),
      },
    },
    components: packages.map(component),
    dependencies: [{ ref: own, dependsOn: packages.map(referenceOf) }],
  };
  return `${JSON.stringify(bill, null, 2)}\n`;
}

function component(bundled: BundledPackage) {
  const { name, version, licence, integrity, partOf } = bundled;
  return {
    type: 'library',
    'bom-ref': referenceOf(bundled),
    name,
    version,
    licenses: licensesOf(licence),
    purl: packageUrl(name, version),
    hashes: hashesOf(integrity),
    properties: partOf.map((part) => ({ name: 'agent-orchestrator:partOf', value: part })),
  };
}

/** The at sign of a scope is escaped in a package URL. */
export function packageUrl(name: string, version: string): string {
  return `pkg:npm/${name.replace(/^@/, '%40')}@${version}`;
}

/** One version may lie in two folders, and each is told. */
function referenceOf({ name, version, folder }: BundledPackage): string {
  return `${packageUrl(name, version)}#${folder}`;
}

function licensesOf(expression: string) {
  return /[ ()]/.test(expression) ? [{ expression: expression.replace(/^\((.*)\)$/, '$1') }] : [{ license: { id: expression } }];
}

/** From the lockfile's form, which is base64, to hexadecimal. */
function hashesOf(integrity: string) {
  const [, content] = /^sha512-(.+)$/.exec(integrity) ?? [];
  return content === undefined ? [] : [{ alg: 'SHA-512', content: Buffer.from(content, 'base64').toString('hex') }];
}

/** A UUID that is made of the contents, so that the same bill has the same number. */
function serialNumber(packages: readonly BundledPackage[], builtAt: Date): string {
  const facts = JSON.stringify([builtAt.toISOString(), packages.map((one) => [referenceOf(one), one.integrity, one.partOf])]);
  const hash = createHash('sha256').update(facts).digest('hex');
  // Version 8 is for UUIDs whose bits have a meaning of one's own.
  const variant = ((Number.parseInt(hash.slice(16, 17), 16) & 0x3) | 0x8).toString(16);
  return `urn:uuid:${hash.slice(0, 8)}-${hash.slice(8, 12)}-8${hash.slice(13, 16)}-${variant}${hash.slice(17, 20)}-${hash.slice(20, 32)}`;
}
