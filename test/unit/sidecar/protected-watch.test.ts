import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type ProtectedChanges, type ProtectedLook, ProtectedWatch } from '../../../server/sidecar/protected-watch.ts';

const change = (path: string): ProtectedChanges => [{ path, change: 'changed', restored: false }];
const settle = () => new Promise(setImmediate);

function setUp(look: ProtectedLook) {
  const told: ProtectedChanges[] = [];
  const logged: string[] = [];
  const watch = new ProtectedWatch({ look, tell: (changes) => told.push(changes), log: (message) => logged.push(message) });
  return { watch, told, logged };
}

describe('the protected files of a project', () => {
  it('are told of after a turn that changed one, and not after one that did not', async () => {
    const found = [change('.git/hooks/pre-commit'), []];
    const { watch, told } = setUp(async () => async () => found.shift() ?? []);
    for (let turn = 0; turn < 2; turn++) {
      await watch.turnBegins();
      watch.turnEnded();
      await settle();
    }
    assert.deepEqual(told, [change('.git/hooks/pre-commit')]);
  });

  it('are looked at once for a turn, however often it is said to begin, and not for one that nobody saw begin', async () => {
    let looks = 0;
    const { watch, told } = setUp(async () => {
      looks += 1;
      return async () => change('x');
    });
    watch.turnEnded();
    await watch.turnBegins();
    await watch.turnBegins();
    assert.equal(looks, 1);
    watch.turnEnded();
    watch.turnEnded();
    await settle();
    assert.equal(told.length, 1);
  });

  it('are as they were before a turn only once those of the turn before were compared', async () => {
    const compared = Promise.withResolvers<ProtectedChanges>();
    const order: string[] = [];
    const { watch } = setUp(async () => {
      order.push('looked');
      return () => compared.promise.finally(() => order.push('compared'));
    });
    await watch.turnBegins();
    watch.turnEnded();
    const next = watch.turnBegins();
    await settle();
    assert.deepEqual(order, ['looked']);
    compared.resolve([]);
    await next;
    assert.deepEqual(order, ['looked', 'compared', 'looked']);
  });

  it('hold up no turn when they cannot be looked at, which is logged', async () => {
    const failing = setUp(() => Promise.reject(new Error('no')));
    await failing.watch.turnBegins();
    failing.watch.turnEnded();
    await settle();
    const half = setUp(async () => () => Promise.reject(new Error('no')));
    await half.watch.turnBegins();
    half.watch.turnEnded();
    await half.watch.turnBegins();
    assert.deepEqual([failing.logged.length, half.logged.length], [1, 1]);
    assert.deepEqual([failing.told, half.told], [[], []]);
  });
});
