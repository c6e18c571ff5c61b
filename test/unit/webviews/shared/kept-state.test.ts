import assert from 'node:assert/strict';
import { test } from 'node:test';
import { KeptState } from '../../../../webviews/shared/kept-state.ts';
import { FakeHost } from '../../../support/fake-host.ts';

type State = { readonly filter: string };

function subject(stored: unknown = null) {
  const fake = new FakeHost();
  const world = { backend: null as string | null, stored, now: 1 };
  fake.answer('view/put', ({ state }) => {
    world.backend = String(state);
    return {};
  });
  fake.answer('view/get', () => ({ state: world.backend }));
  const tasks: (() => void)[] = [];
  const store = { get: () => world.stored, set: (state: unknown) => Object.assign(world, { stored: state }) };
  const kept = new KeptState<State>({ host: fake.host, store, view: 'audit', now: () => world.now, later: (task) => tasks.push(task) });
  const passDelay = () => {
    for (const task of tasks.splice(0)) task();
  };
  return { fake, world, kept, passDelay };
}

test('what was changed is kept in both places after the delay, once for several changes', () => {
  const { fake, world, kept, passDelay } = subject();
  kept.keep({ filter: 'a' });
  kept.keep({ filter: 'ab' });
  assert.deepEqual([world.stored, fake.asked('view/put')], [null, []]);
  passDelay();
  assert.deepEqual(world.stored, { filter: 'ab', savedAt: 1 });
  assert.deepEqual(fake.asked('view/put'), [{ view: 'audit', key: 'audit', state: '{"filter":"ab","savedAt":1}' }]);
});

test('a page that goes away keeps it without the delay, and nothing a second time', () => {
  const { fake, kept, passDelay } = subject();
  kept.keep({ filter: 'last' });
  kept.flush();
  passDelay();
  kept.flush();
  assert.equal(fake.asked('view/put').length, 1);
});

test('the newer copy counts', async () => {
  const { world, kept } = subject({ filter: 'old', savedAt: 5 });
  world.backend = '{"filter":"new","savedAt":6}';
  assert.deepEqual(await kept.recall(), { filter: 'new', savedAt: 6 });
  world.stored = { filter: 'newest', savedAt: 7 };
  assert.equal(await kept.recall(), null);
});

test('what was done in the page meanwhile is newer than any copy', async () => {
  const { world, kept } = subject();
  world.backend = '{"filter":"new","savedAt":6}';
  world.now = 7;
  kept.keep({ filter: 'mine' });
  assert.equal(await kept.recall(), null);
});

test('without the backend, or with something else in its place, VS Code’s copy is shown', async () => {
  const { fake, world, kept } = subject({ filter: 'own' });
  for (const text of [null, 'no JSON', '3', '{"filter":"x"}', '{"savedAt":"yesterday"}']) {
    world.backend = text;
    assert.equal(await kept.recall(), null);
  }
  fake.answer('view/get', () => {
    throw new Error('away');
  });
  fake.answer('view/put', () => {
    throw new Error('away');
  });
  assert.equal(await kept.recall(), null);
  kept.keep({ filter: 'typed' });
  kept.flush();
  assert.deepEqual(world.stored, { filter: 'typed', savedAt: 1 });
});
