import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { changedText } from '../../../server/demo-agent/edit-file.ts';
import { describeFolder, excerpt, interestingFiles, listingText } from '../../../server/demo-agent/project-words.ts';

const folder = (name: string) => ({ name, isFolder: true });
const file = (name: string) => ({ name, isFolder: false });
const listing = (...entries: { name: string; isFolder: boolean }[]) => ({ entries, isCut: false });

describe('what the demo agent says of a folder', () => {
  it('counts what is there', () => {
    const said = describeFolder(listing(folder('.git'), folder('src'), file('a.ts'), file('b.ts'), file('Makefile')));
    assert.equal(
      said,
      'At the top of it lie **2 folders** and **3 files**.\n\nFolders: `.git/`, `src/`.\n\n- 2 × `.ts`\n- 1 × without an ending\n\nIt is under version control with git.',
    );
  });

  it('has a word for an empty one and for one that was cut', () => {
    assert.match(describeFolder(listing()), /^The folder is empty/);
    assert.equal(listingText(listing()), '(empty)');
    assert.equal(listingText({ entries: [folder('a'), file('b')], isCut: true }), 'a/\nb\n… and more');
    assert.match(describeFolder({ entries: [file('a')], isCut: true }), /at least \*\*1 file\*\*/);
  });

  it('picks at most two files that explain it', () => {
    assert.deepEqual(interestingFiles([folder('README'), file('x.ts'), file('package.json'), file('Readme.md')]), [
      'Readme.md',
      'package.json',
    ]);
    assert.deepEqual(interestingFiles([file('x.py'), file('notes')]), ['x.py']);
    assert.deepEqual(interestingFiles([]), []);
  });
});

describe('an excerpt', () => {
  it('is a code block in the language of the file', () => {
    assert.equal(excerpt('a.ts', { text: 'let a;\n', isCut: false }), '**a.ts**:\n\n```ts\nlet a;\n```\n\n');
  });

  it('cannot be ended by what is in the file', () => {
    assert.match(excerpt('a.md', { text: '`````\nx', isCut: false }), /\n``````markdown\n`````\nx\n``````\n/);
  });

  it('says that there is more', () => {
    const said = excerpt('a', { text: 'line\n'.repeat(50), isCut: false });
    assert.match(said, /begins like this/);
    assert.equal(said.match(/line/g)?.length, 12);
  });
});

describe('the proposed change', () => {
  it('is a new file first and a line more each time', () => {
    const first = changedText(null, 3, 1);
    assert.match(first, /held 3 entries then\.\n$/);
    assert.equal(changedText(first, 4, 2), `${first}- Turn 2: 4 entries in the folder.\n`);
  });
});
