import assert from 'node:assert/strict';
import { test } from 'node:test';
import { newId } from '../../../server/base/uuid.ts';
import type { AgentId, ProjectId } from '../../../server/protocol/ids.ts';
import { complete, hover, lenses, type Suggestion } from '../../../server/teams/groups-language.ts';
import { offsetAt, placeOf } from '../../../server/teams/text-place.ts';

const ground = { home: '/home/me', folder: (path: string) => path };

/** `|` is where the cursor stands. */
function at<T>(marked: string, ask: (text: string, offset: number) => T): T {
  return ask(marked.replace('|', ''), marked.indexOf('|'));
}

function accepted(marked: string, label: string): string {
  const text = marked.replace('|', '');
  const chosen = complete(text, marked.indexOf('|')).find((each) => each.label === label);
  assert.ok(chosen, `${label} is not offered`);
  const { line, column, endLine, endColumn } = chosen.place;
  return text.slice(0, offsetAt(text, line, column)) + chosen.text + text.slice(offsetAt(text, endLine, endColumn));
}

const labels = (suggestions: readonly Suggestion[]) => suggestions.map(({ label }) => label);
const inAgent = (rest: string) => `{ "version": 1, "groups": [{ "agents": [{ ${rest} }] }] }`;

test('fields that are still missing are offered, with what they mean', () => {
  const found = at('{ "version": 1, | }', complete);
  assert.deepEqual(labels(found), ['activeGroupId', 'groups']);
  assert.match(found[1]?.says ?? '', /who works together/);
});

test('in a list, the fields of its objects are offered, without those that have no effect', () => {
  const offered = labels(at('{ "groups": [{ "projects": [{ | }] }] }', complete));
  assert.ok(offered.includes('cwd') && offered.includes('agentRole'));
  assert.ok(!offered.includes('icon') && !offered.includes('wakeStrategy'));
  assert.deepEqual(labels(at('{ "groups": [{ "id": "g", | }] }', complete)), ['name', 'projects', 'agents']);
});

for (const [says, marked, label, expected] of [
  ['a field that is begun is completed with its colon', inAgent('"wakeSt|"'), 'wakeStrategy', inAgent('"wakeStrategy": ')],
  ['a field that has a value keeps it', inAgent('"ro|": "tester"'), 'role', inAgent('"role": "tester"')],
  ['a value takes the place of the one that stands there', inAgent('"role": "tes|ter"'), '"manager"', inAgent('"role": "manager"')],
  ['a value is put where none stands', inAgent('"enabled": |'), 'false', inAgent('"enabled": false')],
] as const) {
  test(says, () => assert.equal(accepted(marked, label), expected));
}

test('values are those that the field takes', () => {
  assert.deepEqual(labels(at(inAgent('"wakeStrategy": |'), complete)), ['"persistent"', '"on-demand"', '"smart"']);
  assert.deepEqual(labels(at(inAgent('"name": |'), complete)), []);
});

test('contacts are the members of the group, and the person', () => {
  const text = '{ "groups": [{ "projects": [{ "id": "p1" }], "agents": [{ "id": "a1", "contacts": ["|"] }] }] }';
  assert.deepEqual(labels(at(text, complete)), ['"person"', '"p1"', '"a1"']);
});

for (const marked of ['|', '|{}', '{ "other": { "deep": | } }', '[|]']) {
  test(`at "${marked}" nothing is offered that does not belong there, and nothing fails`, () => {
    assert.deepEqual(
      labels(at(marked, complete)).filter((label) => label === 'cwd'),
      [],
    );
    assert.equal(at(marked, hover), null);
  });
}

for (const marked of [inAgent('"wakeThre|shold": 0.5'), inAgent('"wakeThreshold": 0|.5')]) {
  test(`hovering over ${marked.includes('Thre|') ? 'a field' : 'its value'} tells what it means`, () => {
    assert.match(at(marked, hover)?.says ?? '', /^From 0 to 1: the score from which "smart" wakes it/);
  });
}

test('hovering over what nobody knows tells nothing', () => {
  assert.equal(at('{ "__pro|to__": 1 }', hover), null);
});

test('an agent that exists can be started from where it is declared, and an untrusted project trusted', () => {
  const [lead, shop] = [
    { id: newId<AgentId>(), name: 'lead' },
    { id: newId<ProjectId>(), name: 'Shop', trusted: false },
  ];
  const value = {
    version: 1,
    groups: [
      {
        ...{ id: 'g1', name: 'Store' },
        projects: [{ id: 'p1', name: 'Shop', cwd: '~/shop' }],
        agents: [
          { id: 'a1', name: 'lead', role: 'manager' },
          { id: 'a2', name: 'new', role: 'tester' },
        ],
      },
    ],
  };
  const text = JSON.stringify(value, null, 1);
  const inForce = {
    agent: (groupId: string, key: string) => (groupId === 'g1' && key === 'a1' ? lead : undefined),
    project: (folder: string) => (folder === '/home/me/shop' ? shop : undefined),
  };
  const found = lenses(text, ground, inForce);
  assert.deepEqual(
    found.map(({ title, command, argument }) => [title, command, argument]),
    [
      ['Trust project Shop', 'agor.trustProject', { kind: 'project', id: shop.id }],
      ['Start agent lead', 'agor.startAgent', { kind: 'agent', id: lead.id }],
    ],
  );
  const lineOf = (part: string) => text.split('\n').findIndex((line) => line.includes(part));
  assert.deepEqual(
    found.map(({ place }) => place.line),
    [lineOf('"p1"') - 1, lineOf('"a1"') - 1],
  );
  assert.deepEqual(lenses(text, ground, { ...inForce, project: () => ({ ...shop, trusted: true }) }).length, 1);
  assert.deepEqual(lenses('{', ground, inForce), []);
});

const sample = 'one\ntwo\r\n\nlast';
for (const [offset, line, column] of [
  [0, 0, 0],
  [3, 0, 3],
  [4, 1, 0],
  [9, 2, 0],
  [14, 3, 4],
] as const) {
  test(`character ${offset} stands in line ${line}, column ${column}, and back`, () => {
    assert.deepEqual(placeOf(sample, offset, 0), { line, column, endLine: line, endColumn: column });
    assert.equal(offsetAt(sample, line, column), offset);
  });
}

test('a place beyond the text is its end, and one beyond a line is the end of the line', () => {
  assert.equal(offsetAt(sample, 9, 9), sample.length);
  assert.equal(offsetAt(sample, 0, 99), 3);
});
