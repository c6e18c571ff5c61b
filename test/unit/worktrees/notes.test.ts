import assert from 'node:assert/strict';
import { test } from 'node:test';
import { newId } from '../../../server/base/uuid.ts';
import type { AgentId, ProjectId } from '../../../server/protocol/ids.ts';
import { Neighbours } from '../../../server/worktrees/neighbours.ts';
import { neighboursNote, workspaceNotes } from '../../../server/worktrees/notes.ts';
import { asidePath, placesFor, plainName } from '../../../server/worktrees/place.ts';
import { conflictsAmong, newConflicts } from '../../../server/worktrees/radar.ts';

const isolated = (mode: string, linked: string[]) => JSON.stringify({ mode: 'isolated', deps: { mode }, symlinks: { linked } });

test('the notes of a workspace are joined by a blank line', () => {
  const [dependencies, links, ...rest] = workspaceNotes(isolated('none', ['AGENTS.md'])).split('\n\n');
  assert.match(dependencies ?? '', /install it here before you build/);
  assert.match(links ?? '', /written through.*read only[\s\S]*- AGENTS\.md/);
  assert.deepEqual(rest, []);
  assert.match(workspaceNotes(isolated('linked', [])), /do not install, update or remove/);
});

test('what is no workspace has no notes, and nothing is thrown', () => {
  for (const json of ['', '{', 'null', '[]', '{"mode":"shared"}', '{"mode":"isolated","deps":{"mode":"x"},"symlinks":{}}']) {
    assert.equal(workspaceNotes(json), '');
  }
});

test('names and paths stay on their line', () => {
  const note = neighboursNote({ conflicts: [{ path: 'a\n# b', others: ['x\u202e'] }], leases: [] });
  assert.match(note, /^- a\?# b: also changed by x\?$/m);
  assert.equal(neighboursNote({ conflicts: [], leases: [] }), '');
});

test('a place is a plain name, and the next one when it is taken', () => {
  const places = placesFor('/src/app', 'Ärger / über alles');
  assert.deepEqual(places.next().value, { path: '/src/app.worktrees/arger-uber-alles', branch: 'agor/arger-uber-alles' });
  assert.deepEqual(places.next().value, { path: '/src/app.worktrees/arger-uber-alles-2', branch: 'agor/arger-uber-alles-2' });
  assert.equal(plainName('../..'), 'agent');
  assert.equal(asidePath('/src/app.worktrees/x', '0000000012345678'), '/src/app.worktrees/.x.removing-12345678');
});

test('a path that two of one project have touched is a conflict, and news once', () => {
  const [one, other, third] = [newId<AgentId>(), newId<AgentId>(), newId<AgentId>()];
  const [project, elsewhere] = [newId<ProjectId>(), newId<ProjectId>()];
  const touched = [
    { agentId: one, projectId: project, paths: ['a', 'b', 'b'] },
    { agentId: other, projectId: project, paths: ['b', 'c'] },
    { agentId: third, projectId: elsewhere, paths: ['a', 'b'] },
  ];
  const found = conflictsAmong(touched);
  assert.deepEqual(found, [{ projectId: project, path: 'b', agents: [one, other].sort() }]);
  assert.deepEqual(newConflicts(found, found), []);
  assert.equal(newConflicts([], found).length, 1);
});

test('an agent is told of its neighbours when that has changed, and again when it is due', async () => {
  const [one, other] = [newId<AgentId>(), newId<AgentId>()];
  const projectId = newId<ProjectId>();
  const paths = { one: ['a'], other: ['b'] };
  const neighbours = new Neighbours({
    touched: async () => [
      { agentId: one, projectId, paths: paths.one },
      { agentId: other, projectId, paths: paths.other },
    ],
    leases: () => [],
    worktreeOf: () => undefined,
    projectOf: () => projectId,
    agentName: (id) => (id === one ? 'one' : 'other'),
  });
  const arisen: number[] = [];
  neighbours.arisen.on((conflicts) => arisen.push(conflicts.length));
  await neighbours.look();
  assert.equal(neighbours.notesFor(one, true), undefined);
  paths.other = ['a'];
  await Promise.all([neighbours.look(), neighbours.look()]);
  assert.deepEqual([arisen, neighbours.conflictsOf(one)], [[1], 1]);
  assert.match(neighbours.notesFor(one, false) ?? '', /- a: also changed by other/);
  assert.equal(neighbours.notesFor(one, false), undefined);
  assert.match(neighbours.notesFor(one, true) ?? '', /- a: also changed by other/);
});
