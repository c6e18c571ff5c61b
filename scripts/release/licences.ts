/** Which licences may be in what is shipped, and the notices that they ask for. Pure. */
import type { BundledPackage } from './bundled-packages.ts';

/** Each lets the product be used and passed on under its own licence, for the price of a notice. */
const allowed = new Set(['0BSD', 'Apache-2.0', 'BlueOak-1.0.0', 'BSD-2-Clause', 'BSD-3-Clause', 'ISC', 'MIT']);
/** For pictures and fonts alone: it asks for a name, and is no licence of programs. */
const allowedForPictures = new Map([['@vscode/codicons', 'CC-BY-4.0']]);

const mit = `Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated documentation files (the "Software"), to deal in the Software without restriction, including without limitation the rights to use, copy, modify, merge, publish, distribute, sublicense, and/or sell copies of the Software, and to permit persons to whom the Software is furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all copies or substantial portions of the Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.`;

/** These packages are published without a text; their package.json names the licence and the holder. */
const holders = new Map([
  ['@microsoft/fast-element', 'Microsoft'],
  ['@microsoft/fast-foundation', 'Microsoft'],
  ['@microsoft/fast-web-utilities', 'Microsoft'],
]);

/** Inside the native part of better-sqlite3. */
const sqlite =
  'SQLite\n\nThe database inside better-sqlite3. Its authors have put it in the public domain: https://sqlite.org/copyright.html';

type Licensed = Pick<BundledPackage, 'name' | 'version' | 'licence' | 'licenceText'>;

/** What may not be shipped, each as a sentence. */
export function licenceProblems(packages: readonly Licensed[]): string[] {
  return packages.flatMap(({ name, version, licence, licenceText }) => {
    if (!isAllowed(licence) && allowedForPictures.get(name) !== licence)
      return [`${name} ${version} is under "${licence}", which scripts/release/licences.ts does not allow.`];
    return noticeText({ name, licence, licenceText }) === '' ? [`${name} ${version} has no licence text to pass on.`] : [];
  });
}

/** An SPDX expression: of `OR` one part must be allowed, of `AND` every part. */
export function isAllowed(expression: string): boolean {
  const inner = expression.trim().replace(/^\(([^()]*)\)$/, '$1');
  if (/[()]/.test(inner)) return false;
  if (/ OR /.test(inner)) return inner.split(' OR ').some(isAllowed);
  if (/ AND /.test(inner)) return inner.split(' AND ').every(isAllowed);
  return allowed.has(inner);
}

/** Equal texts stand once, below the names of all that they are for. */
export function notices(packages: readonly Licensed[]): string {
  const namesOf = new Map<string, string[]>();
  for (const { name, version, licence, licenceText } of packages) {
    const text = noticeText({ name, licence, licenceText });
    namesOf.set(text, [...(namesOf.get(text) ?? []), `${name} ${version} (${licence})`]);
  }
  const head = 'Agent Orchestrator holds parts of the following works. Their licences ask for these notices.';
  const parts = [...namesOf].map(([text, names]) => `${names.join('\n')}\n\n${text}`);
  return `${[head, ...parts, sqlite].join(`\n\n${'-'.repeat(80)}\n\n`)}\n`;
}

function noticeText({ name, licence, licenceText }: Pick<Licensed, 'name' | 'licence' | 'licenceText'>): string {
  if (licenceText !== '') return licenceText;
  const holder = holders.get(name);
  return holder !== undefined && licence === 'MIT' ? `Copyright (c) ${holder}\n\n${mit}` : '';
}
