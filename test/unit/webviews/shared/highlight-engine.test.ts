import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type CodeLine, highlightLines } from '../../../../webviews/shared/highlight-engine.ts';

const code = '// note\nexport const name = `a b`;\n\n  if (name) run(name);';

function read(lines: readonly CodeLine[]): string {
  return lines.map((line) => line.map(({ text }) => text).join('')).join('\n');
}

test('coloured code is the same code, in every grammar', async () => {
  for (const grammar of ['css', 'diff', 'go', 'html', 'json', 'python', 'rust', 'shellscript', 'sql', 'tsx', 'typescript', 'yaml']) {
    assert.equal(read(await highlightLines(grammar, code)), code, grammar);
  }
});

test('colours are class names, and what has none is plain', async () => {
  const [comment, declaration] = await highlightLines('typescript', code);
  assert.deepEqual(comment, [{ text: '// note', className: 'token-comment' }]);
  assert.deepEqual(declaration?.[0], { text: 'export const ', className: 'token-keyword' });
  const classNames = (await highlightLines('typescript', code)).flat().map(({ className }) => className ?? '');
  assert.ok(classNames.every((className) => /^(token-[a-z-]+)?$/.test(className)));
});

test('a language without a grammar stays plain', async () => {
  assert.deepEqual(await highlightLines('klingon', 'a\nb'), [[{ text: 'a', className: null }], [{ text: 'b', className: null }]]);
});
