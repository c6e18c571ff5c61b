import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import type { SettingName, Settings as SettingValues } from '../../../server/protocol/settings.ts';
import { Settings } from '../../../server/settings/settings.ts';
import { fillDisk, TestStores } from '../../support/test-stores.ts';

let kept: TestStores;
let settings: Settings;
let audited: unknown[];
let told: (readonly SettingName[])[];

beforeEach(() => {
  kept = new TestStores();
  audited = [];
  told = [];
  settings = open();
});
afterEach(() => kept.remove());

function open(environment: Partial<SettingValues> = {}): Settings {
  const { sessions } = kept.stores;
  const opened = new Settings({
    db: sessions.db,
    write: (work) => sessions.write(work),
    audit: (values, actor) => void audited.push([values, actor]),
    now: () => 1,
    environment,
  });
  opened.changed.on((names) => void told.push(names));
  return opened;
}

describe('a setting', () => {
  it('of the environment goes before one that was set, which is kept for when it is gone', () => {
    const headless = open({ 'turns.max': 2 });
    headless.put({ 'turns.max': 8 }, 'cli');
    assert.deepEqual(
      [headless.get('turns.max'), headless.values(), headless.fromEnvironment()],
      [2, { 'turns.max': 8 }, { 'turns.max': 2 }],
    );
    assert.equal(open().get('turns.max'), 8);
  });

  it('has its default until it is set, and again when it is taken back', () => {
    assert.equal(settings.get('turns.max'), 5);
    settings.put({ 'turns.max': 8 }, 'cli');
    assert.deepEqual([settings.get('turns.max'), settings.values()], [8, { 'turns.max': 8 }]);
    settings.put({ 'turns.max': null }, 'cli');
    assert.equal(settings.get('turns.max'), 5);
  });

  it('is kept for the next backend, and so is that it was taken back', () => {
    settings.put({ 'turns.max': 8, 'sandbox.ports': [443] }, 'cli');
    settings.put({ 'turns.max': null }, 'cli');
    kept.reopen();
    settings = open();
    assert.deepEqual([settings.get('turns.max'), settings.get('sandbox.ports')], [5, [443]]);
    assert.deepEqual(settings.values(), { 'sandbox.ports': [443] });
  });

  it('is told and audited by its name, once, and not when nothing changes', () => {
    settings.put({ 'turns.max': 8 }, 'extension');
    settings.put({ 'turns.max': 8 }, 'extension');
    settings.put({ 'agent.idleMinutes': null }, 'extension');
    assert.deepEqual([audited, told], [[[{ 'turns.max': 8 }, 'extension']], [['turns.max']]]);
  });
});

describe('what cannot be set', () => {
  for (const [values, message] of [
    [{ 'turns.max': 0 }, /turns\.max cannot be 0: a whole number from 1 to 100 is expected\./],
    [{ 'turns.max': 1.5 }, /a whole number/],
    [{ 'turns.max': '5' }, /a whole number/],
    [{ 'turns.max': Number.NaN }, /a whole number/],
    [{ 'sandbox.mode': 'perhaps' }, /it is one of required, preferred, off\./],
    [{ 'sandbox.ports': 443 }, /a list is expected/],
    [{ 'sandbox.ports': [443, 70_000] }, /from 1 to 65535/],
    [{ 'sandbox.ports': Array(101).fill(1) }, /at most 100/],
    [{ 'sandbox.readOnlyPaths': ['notes'] }, /an absolute path/],
    [{ 'turns.most': 3 }, /There is no setting "turns\.most"\. There are: turns\.max, /],
    [{ __proto__: 1, constructor: 3 }, /There is no setting "constructor"/],
  ] as const) {
    it(`is refused with what is expected: ${JSON.stringify(values)}`, () => {
      assert.throws(() => settings.put(values, 'cli'), { code: 'badRequest', message });
    });
  }

  it('takes everything that came with it down', () => {
    assert.throws(() => settings.put({ 'agent.idleMinutes': 7, 'turns.max': 0 }, 'cli'), { code: 'badRequest' });
    assert.deepEqual([settings.values(), audited, told], [{}, [], []]);
  });
});

it('what the disk does not take is not set', () => {
  fillDisk(kept.stores.sessions.db);
  kept.stores.sessions.db.pragma('query_only = on');
  assert.throws(() => settings.put({ 'turns.max': 8 }, 'cli'));
  assert.deepEqual([settings.get('turns.max'), told], [5, []]);
});

it('a value that another version kept and this one cannot use has no effect', () => {
  const { db } = kept.stores.sessions;
  const keep = db.prepare('insert into settings (name, value, changed_at, row_hash) values (?, ?, 1, ?)');
  keep.run('turns.max', '"many"', '');
  keep.run('turns.colour', '"red"', '');
  keep.run('agent.idleMinutes', 'not even JSON', '');
  assert.deepEqual([open().get('turns.max'), open().get('agent.idleMinutes'), open().values()], [5, 30, {}]);
});
