import assert from 'node:assert/strict';
import { test } from 'node:test';
import { visibleJson } from '../../../server/base/visible-json.ts';

test('what a terminal would act on stands as its escape, and the value is the same', () => {
  const text =
    'C1 \u009b31m, turned \u202eround\u2066, line \u2028 and \u0085, nothing \u200b, tag \u{e0041}, half \ud800, escape \u001b[2J, \u007f';
  const json = visibleJson(JSON.stringify({ text }));
  assert.doesNotMatch(json, /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u);
  assert.deepEqual(JSON.parse(json), { text });
});

test('ordinary text is left alone, and so is the line end of a record', () => {
  const json = `${JSON.stringify({ text: 'naïve — 日本語 🎉 "quoted" \\ back' })}\n`;
  assert.equal(visibleJson(json), json);
});
