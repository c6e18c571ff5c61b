import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type MarkdownBlock, MarkdownText } from '../../../../webviews/shared/markdown-blocks.ts';

const sample = `# Title

A paragraph with **bold**, \`code\` and [a link](https://example.test).
It goes on.

- one
- two

  still two
- three

1. first

\`\`\`ts
const a = 1;

const b = 2;
\`\`\`

| a | b |
| :-- | --: |
| 1 | 2 |

> quoted
>
> twice

    indented

Setext
======

The end, see [the note][note].

[note]: https://example.test/note
`;

function whole(text: string): readonly MarkdownBlock[] {
  return new MarkdownText().update(text, 'complete');
}

test('text that streams in, however it is cut, ends as text that came at once', () => {
  const expected = whole(sample);
  for (const size of [1, 3, 7, 40, 1000]) {
    const text = new MarkdownText();
    for (let end = size; end < sample.length; end += size) text.update(sample.slice(0, end), 'growing');
    assert.deepEqual(text.update(sample, 'complete'), expected, `in pieces of ${size}`);
  }
});

test('while text streams in, only the last block is made anew', () => {
  const text = new MarkdownText();
  const [first] = text.update('One.\n\nTwo', 'growing');
  const [sameFirst, second] = text.update('One.\n\nTwo grows', 'growing');
  assert.equal(sameFirst, first);
  assert.match(second?.kind === 'html' ? second.html : '', /Two grows/);
});

test('the same text gives the same blocks', () => {
  const text = new MarkdownText();
  assert.equal(text.update(sample, 'complete'), text.update(sample, 'complete'));
});

test('text that is not a continuation is parsed from its start', () => {
  const text = new MarkdownText();
  text.update('One.\n\nTwo.', 'growing');
  assert.deepEqual(text.update('Other.', 'complete'), whole('Other.'));
});

test('a block of code knows its language, and whether its end is there', () => {
  const text = new MarkdownText();
  assert.deepEqual(text.update('```TS title\nconst a', 'growing'), [{ kind: 'code', language: 'ts', text: 'const a', closed: false }]);
  assert.deepEqual(text.update('```TS title\nconst a\n```', 'growing'), [{ kind: 'code', language: 'ts', text: 'const a', closed: true }]);
  assert.deepEqual(whole('```\nx'), [{ kind: 'code', language: '', text: 'x', closed: true }]);
});

test('a link that is defined later is a link once the text is complete', () => {
  const text = new MarkdownText();
  text.update('See [it][a].\n\nMore.\n\n', 'growing');
  const blocks = text.update('See [it][a].\n\nMore.\n\n[a]: https://example.test\n', 'complete');
  assert.match(JSON.stringify(blocks[0]), /https:\/\/example\.test/);
});

test('HTML is text, and no link or image leads to a place that is not opened from here', () => {
  const html = JSON.stringify(whole('<script>alert(1)</script> <b>x</b>\n\n[a](javascript:alert(1)) [b](command:x) [c](data:text/html,x)'));
  assert.doesNotMatch(html, /<script|<b>|href/);
  assert.deepEqual(whole('![chart](https://example.test/a.png)'), [
    { kind: 'html', html: '<p><a href="https://example.test/a.png">chart</a></p>\n' },
  ]);
});

test('tables are aligned by classes, and the page keeps the one first heading', () => {
  const html = JSON.stringify(whole('# A\n\n| a |\n| --: |\n| 1 |'));
  assert.match(html, /<h2>A<\/h2>/);
  assert.match(html, /class=\\"align-right\\"/);
  assert.doesNotMatch(html, /style=/);
});
