import assert from 'node:assert/strict';
import { registerHooks } from 'node:module';
import { join } from 'node:path';
import { afterEach, beforeEach, mock, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import type { SearchAnswer, SearchHit } from '../../../../server/protocol/search.ts';
import { sampleAnswer, sampleHit } from '../../../support/search-samples.ts';

/** The quick pick of `test/fixtures/vscode/quick-pick.mjs`. */
type FakePick = {
  readonly items: readonly { readonly label: string }[];
  readonly lists: readonly unknown[];
  beginDrawing(): void;
  moveTo(place: number): void;
  type(text: string): void;
  pressEnter(): void;
};

const url = pathToFileURL(join(import.meta.dirname, '../../../fixtures/vscode/quick-pick.mjs')).href;
registerHooks({ resolve: (name, context, next) => (name === 'vscode' ? { url, shortCircuit: true } : next(name, context)) });
const { window }: { window: { shown: FakePick } } = await import(url);
const { SearchPick } = await import('../../../../extension/search/search-pick.ts');

let opened: string[];
let answers: ((answer: SearchAnswer) => void)[];
beforeEach(() => {
  mock.timers.enable({ apis: ['setTimeout'] });
  [opened, answers] = [[], []];
});
afterEach(() => mock.timers.reset());

/** A search whose answers come when the test gives them. */
function shown(query: string): FakePick {
  const search = new SearchPick({
    searchAll: () => new Promise((resolve) => answers.push(resolve)),
    open: async ({ id }) => void opened.push(id),
    onCaughtUp: () => ({ dispose: () => {} }),
    onFailure: (error) => assert.ifError(error),
  });
  search.show(query);
  mock.timers.tick(300);
  return window.shown;
}

async function answer(...hits: SearchHit[]): Promise<void> {
  answers.shift()?.(sampleAnswer(hits));
  await new Promise(setImmediate);
}

const [first, second, third] = [sampleHit(1), sampleHit(2), sampleHit(3)];
const placeOf = (pick: FakePick, { title }: SearchHit) => pick.items.findIndex(({ label }) => label.includes(title));

test('Enter opens what was put forward also while VS Code draws the list', async () => {
  const pick = shown('login');
  await answer(first, second);
  pick.beginDrawing();
  pick.pressEnter();
  assert.deepEqual(opened, [first.id]);
});

test('what the person went to stays chosen through lists that follow each other while VS Code draws', async () => {
  const pick = shown('login');
  await answer(first, second, third);
  pick.moveTo(placeOf(pick, second));
  pick.beginDrawing();
  await answer(third, second, first);
  pick.beginDrawing();
  pick.pressEnter();
  assert.deepEqual(opened, [second.id]);
});

test('best hits that are the newest are not drawn anew', async () => {
  const pick = shown('login');
  await answer(first, second);
  const drawn = pick.lists.length;
  await answer(first, second);
  assert.equal(pick.lists.length, drawn);
});

test('Enter while the answer to what is typed is on its way opens nothing of before', async () => {
  const pick = shown('login');
  await answer(first);
  await answer(first);
  pick.type('login failed');
  pick.pressEnter();
  assert.deepEqual(opened, []);
  await answer(second);
  pick.pressEnter();
  assert.deepEqual(opened, [second.id]);
});
