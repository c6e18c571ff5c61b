import assert from 'node:assert/strict';
import { rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { Projects } from '../../../server/projects/projects.ts';
import { auditEvents, fillDisk, TestStores } from '../../support/test-stores.ts';

let kept: TestStores;
let projects: Projects;

beforeEach(() => {
  kept = new TestStores();
  projects = open();
});
afterEach(() => kept.remove());

function open(): Projects {
  const { sessions, btmsg, audit } = kept.stores;
  const write = <T>(work: () => T) => sessions.write(work);
  return new Projects({ db: sessions.db, write, audit: (entry) => btmsg.write(() => audit.append(entry)), now: () => 100 });
}

test('a folder added twice, also through a link, is one project; trust that comes later is added', () => {
  const path = kept.folder('shop');
  symlinkSync(path, join(kept.dir, 'link'));
  const first = projects.add({ path }, 'cli');
  assert.deepEqual([first.name, first.trusted], ['shop', false]);
  assert.deepEqual(projects.add({ path: join(kept.dir, 'link'), name: 'other' }, 'cli'), first);
  assert.equal(projects.add({ path, trusted: true }, 'extension').trusted, true);
  assert.equal(projects.add({ path, trusted: false }, 'cli').trusted, true, 'adding does not take trust away');
  assert.equal(projects.list().length, 1);
  assert.deepEqual(auditEvents(kept.stores), ['project_added', 'project_trust_changed']);
});

test('folders of one name get a number, so that each can be called', () => {
  const names = ['a/shop', 'b/shop', 'c/shop'].map((name) => projects.add({ path: kept.folder(name) }, 'cli').name);
  assert.deepEqual(names, ['shop', 'shop-2', 'shop-3']);
  assert.equal(projects.add({ path: kept.folder('d'), name: 'shop' }, 'cli').name, 'shop-4');
});

test('the root of the file system has a name too', () => {
  assert.equal(projects.add({ path: '/' }, 'cli').name, '/');
});

test('what is no folder is refused, each in its own words', () => {
  writeFileSync(join(kept.dir, 'file'), '');
  assert.throws(() => projects.add({ path: 'shop' }, 'cli'), { code: 'badRequest', message: /must be an absolute path/ });
  assert.throws(() => projects.add({ path: join(kept.dir, 'nowhere') }, 'cli'), { code: 'notFound', message: /does not exist/ });
  assert.throws(() => projects.add({ path: join(kept.dir, 'file') }, 'cli'), { code: 'badRequest', message: /is a file/ });
  assert.deepEqual([projects.list(), auditEvents(kept.stores)], [[], []]);
});

test('projects are there in the next backend, those that were removed not', () => {
  const [stays, goes] = [
    projects.add({ path: kept.folder('stays'), trusted: true }, 'cli'),
    projects.add({ path: kept.folder('goes') }, 'cli'),
  ];
  const removed: string[] = [];
  projects.removed.on((id) => void removed.push(id));
  projects.remove('goes', 'cli');
  assert.deepEqual(removed, [goes.id]);
  assert.throws(() => projects.find('goes'), { code: 'notFound' });
  kept.reopenAfterKill();
  projects = open();
  assert.deepEqual(projects.list(), [stays]);
  const again = projects.add({ path: goes.path }, 'cli');
  assert.notEqual(again.id, goes.id);
});

test('a project whose folder is gone is still a project', () => {
  const { id, path } = projects.add({ path: kept.folder('shop') }, 'cli');
  rmSync(path, { recursive: true });
  assert.equal(projects.trust(id, true, 'cli').trusted, true);
});

test('what the disk does not take is not seen, and is told before it is done, never the reverse', () => {
  const { id } = projects.add({ path: kept.folder('shop') }, 'cli');
  const told: unknown[] = [];
  projects.changed.on((project) => void told.push(project));
  const makeRoom = fillDisk(kept.stores.sessions.db);
  assert.throws(() => projects.add({ path: kept.folder('next'), name: 'x'.repeat(50_000) }, 'cli'), { code: 'storage' });
  assert.deepEqual([projects.list().length, told], [1, []]);
  assert.deepEqual(auditEvents(kept.stores), ['project_added', 'project_added']);
  makeRoom();
  kept.stores.btmsg.db.pragma('query_only = on');
  assert.throws(() => projects.trust(id, true, 'cli'), { code: 'storage' });
  assert.equal(projects.get(id)?.trusted, false);
});
