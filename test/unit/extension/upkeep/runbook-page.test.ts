import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runbookPage } from '../../../../extension/upkeep/runbook-page.ts';
import { procedureNames, runbook } from '../../../../server/protocol/runbook.ts';
import { plainTranslate as translate } from '../../../support/plain-translate.ts';

test('every procedure and step has its place, and that line is its heading', () => {
  const { text, places } = runbookPage(translate);
  const lines = text.split('\n');
  const expected = procedureNames.flatMap((name) => [
    `## ${runbook[name].title}`,
    ...runbook[name].steps.map(({ title }, index) => `${index + 1}. **${title}**`),
  ]);
  assert.deepEqual(
    places.map(({ line }) => lines[line]),
    expected,
  );
});
