import assert from 'node:assert/strict';
import { test } from 'node:test';
import { newId } from '../../../server/base/uuid.ts';
import type { PromptId } from '../../../server/protocol/ids.ts';
import { type FakeAdapter, killed, runnerWorld, types, wish } from '../../support/runner-world.ts';
import { settled } from '../../support/worker-world.ts';

const steered = () => ({ promptId: newId<PromptId>(), text: 'and this', intoTurn: true });

/** A turn runs, in a program that takes prompts into it, or does not. */
async function inTurn(steering: FakeAdapter['steering'], more: Parameters<typeof runnerWorld>[1] = {}) {
  const world = runnerWorld((adapter) => {
    adapter.steering = steering;
  }, more);
  await world.runner.open(wish());
  await world.runner.prompt({ promptId: newId<PromptId>(), text: 'begin' });
  const [adapter] = world.adapters;
  assert.ok(adapter);
  return { ...world, adapter };
}

test('a prompt for the running turn is on disk as part of it before the program has it', async () => {
  const kept: string[] = [];
  const { adapter, events, runner } = await inTurn('taken', { keepNow: () => kept.push('all is on disk') });
  adapter.onPrompt = () => kept.push('the program has it');
  const prompt = steered();
  await runner.prompt(prompt);
  assert.deepEqual(types(events), ['sessionOpened', 'turnStarted', 'promptJoined']);
  assert.deepEqual(adapter.prompts, ['begin', 'and this']);
  assert.deepEqual(kept.slice(1, 3), ['all is on disk', 'the program has it']);
  await runner.prompt(prompt);
  assert.deepEqual(adapter.prompts, ['begin', 'and this']);
});

test('a prompt that the running turn does not take in is the next turn, by the sidecar itself', async () => {
  const { adapter, events, runner } = await inTurn('refused');
  const prompt = steered();
  await runner.prompt(prompt);
  assert.deepEqual(adapter.prompts, ['begin']);
  adapter.endTurn('completed');
  await settled();
  assert.deepEqual(adapter.prompts, ['begin', 'and this']);
  assert.deepEqual(types(events), ['sessionOpened', 'turnStarted', 'promptJoined', 'turnEnded completed', 'turnStarted']);
  await runner.prompt(prompt);
  assert.deepEqual(adapter.prompts, ['begin', 'and this']);
});

test('a prompt that waits for the end of a turn goes before one that was given after it', async () => {
  const { adapter, runner } = await inTurn('refused');
  await runner.prompt(steered());
  adapter.endTurn('completed');
  await settled();
  adapter.steering = 'taken';
  await runner.prompt({ ...steered(), text: 'last' });
  assert.deepEqual(adapter.prompts, ['begin', 'and this', 'last']);
});

test('an interrupt takes back what the turn did not take in, and says so', async () => {
  const { adapter, events, runner } = await inTurn('refused');
  await runner.prompt(steered());
  await runner.interrupt();
  await settled();
  assert.deepEqual(adapter.prompts, ['begin']);
  assert.deepEqual(types(events).slice(-4), ['promptJoined', 'turnEnded interrupted', 'turnStarted', 'turnEnded interrupted']);
});

test('a program that ends with the turn has had the prompt: it is not given again', async () => {
  const { adapter, adapters, events, runner } = await inTurn('taken');
  const prompt = steered();
  await runner.prompt(prompt);
  adapter.context.onExit('it was killed', killed);
  await runner.prompt(prompt);
  await settled();
  assert.deepEqual(
    adapters.slice(1).flatMap(({ prompts }) => prompts),
    [],
  );
  assert.deepEqual(types(events).slice(0, 4), ['sessionOpened', 'turnStarted', 'promptJoined', 'turnEnded crashed']);
});

test('without the wish, or in a program that takes none, a prompt is not told as part of a turn', async () => {
  const { adapter, events, runner } = await inTurn('none');
  adapter.promptFailure = new Error('busy');
  await assert.rejects(runner.prompt(steered()));
  assert.deepEqual(types(events), ['sessionOpened', 'turnStarted']);
});
