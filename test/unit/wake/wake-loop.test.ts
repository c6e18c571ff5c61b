import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import type { Wake } from '../../../server/protocol/wake.ts';
import { reasonsOf, repeatedWakes, repeatsItself } from '../../../server/wake/wake-loop.ts';
import { WakesWorld } from '../../support/wakes-world.ts';

let world: WakesWorld;
beforeEach(() => {
  world = new WakesWorld();
});
afterEach(() => world.kept.remove());

/** So many wakes of a manager that works on each at once. */
function wakes(count: number): { readonly given: number; readonly seen: (readonly [Wake, number, boolean])[] } {
  const seen: (readonly [Wake, number, boolean])[] = [];
  world.mayFollow = (wake, { earlier, isNews }) => {
    seen.push([wake, earlier.length, isNews]);
    return !repeatsItself(wake, earlier, null);
  };
  world.add({ wakeIntervalMin: 1 });
  world.worksAtOnce();
  world.wakes.start();
  world.advanceMin(count);
  return { given: world.given.length, seen };
}

test('after three wakes for the same reason a fourth is not given', () => {
  const { given, seen } = wakes(10);
  assert.equal(given, repeatedWakes);
  assert.ok(seen.length > repeatedWakes, 'it is asked again at each time that is due');
  assert.deepEqual(
    seen.slice(0, 2).map(([, , isNews]) => isNews),
    [true, false],
  );
});

test('another reason, a person, or a fresh start in between begins the count anew', () => {
  const { seen } = wakes(10);
  const [wake] = seen.at(-1) ?? [];
  assert.ok(wake);
  const earlier = world.wakes.list(wake.agentId, repeatedWakes);
  assert.equal(repeatsItself(wake, earlier, null), true);
  assert.equal(repeatsItself(wake, earlier.slice(1), null), false);
  assert.equal(repeatsItself(wake, earlier, earlier[1]?.decidedAt ?? 0), false);
  assert.equal(
    repeatsItself(
      wake,
      earlier.map((each, index) => (index === 1 ? { ...each, cause: 'person' as const } : each)),
      null,
    ),
    false,
  );
  const other = { ...wake, signals: [...wake.signals, { name: 'ReviewBacklog' as const, weight: 0.6, detail: '' }] };
  assert.equal(repeatsItself(other, earlier, null), false);
  assert.notEqual(reasonsOf(wake), '');
});
