import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { root } from '../../../scripts/environment.ts';
import { hasSection, linksOf, pageProblems, withoutDeadLinks } from '../../../scripts/release/pages.ts';

const isPacked = (path: string) => ['SECURITY.md', 'media/a.png'].includes(path);

test('links are found, pictures apart, and pictures in links too', () => {
  assert.deepEqual(linksOf('[one](SECURITY.md) and ![two](media/a.png) and [![three](b.png)](https://x.org)'), [
    { isPicture: false, text: 'one', target: 'SECURITY.md' },
    { isPicture: true, text: 'two', target: 'media/a.png' },
    { isPicture: false, text: '![three](b.png)', target: 'https://x.org' },
    { isPicture: true, text: 'three', target: 'b.png' },
  ]);
});

test('a link to a page that is not packed becomes its text; others stay', () => {
  const page = '[design](ARCHITECTURE.md#map), [security](SECURITY.md), [site](https://x.org), ![shot](media/gone.png)';
  assert.equal(withoutDeadLinks(page, isPacked), 'design, [security](SECURITY.md), [site](https://x.org), ![shot](media/gone.png)');
});

test('a badge from elsewhere, a picture that is not there, a page without encryption and HTML that loads are refused', () => {
  const problems = (page: string) => pageProblems('readme.md', page, isPacked).join();
  assert.equal(problems('![shot](media/a.png) [security](./SECURITY.md#scope) [here](#top)'), '');
  assert.match(problems('![build](https://badges.example/x.svg)'), /tells its host who reads/);
  assert.match(problems('![shot](media/b.png)'), /not in the package/);
  assert.match(problems('[site](http://x.org)'), /without encryption/);
  assert.match(problems('<img src="media/a.png">'), /HTML that loads/);
});

test('a version has its section in the changelog, by itself or with a date', () => {
  assert.ok(hasSection('# Changelog\n\n## 0.1.0\n', '0.1.0'));
  assert.ok(hasSection('## 0.1.0 (2026-01-02)\n', '0.1.0'));
  assert.ok(!hasSection('## 0.1.00\n## Unreleased\n', '0.1.0'));
});

test('the pages of this repository lead to files that are there', () => {
  const inRepository = (path: string) => existsSync(join(root, path));
  for (const page of ['README.md', 'CHANGELOG.md', 'SECURITY.md'])
    assert.deepEqual(pageProblems(page, readFileSync(join(root, page), 'utf8'), inRepository), []);
});
