import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { GroupProblem } from '../../../server/protocol/team.ts';
import { identifierOf } from '../../../server/teams/declared-groups.ts';
import { readGroups } from '../../../server/teams/read-groups.ts';

const folders = new Set(['/srv/shop', '/srv/stock', '/home/me/own']);
const ground = { home: '/home/me', folder: (path: string) => (folders.has(path) ? path : null) };

const read = (text: string) => readGroups(text, ground);
const project = (fields: object = {}) => ({ id: 'p1', name: 'Shop', cwd: '/srv/shop', ...fields });
const lead = (fields: object = {}) => ({ id: 'a1', name: 'lead', role: 'manager', ...fields });
const group = (fields: object = {}) => ({ id: 'g1', name: 'Store', projects: [project()], agents: [lead()], ...fields });
const file = (...groups: object[]) => ({ version: 1, groups });

/** With each value on a line of its own. */
const lines = (value: unknown) => JSON.stringify(value, null, 1);

/** What the problem marks. */
function marked(text: string, { line, column, endColumn }: GroupProblem): string {
  return (text.split('\n')[line] ?? '').slice(column, endColumn);
}

test('the least that a file can hold is fine', () => {
  assert.deepEqual(read('{ "version": 1, "groups": [] }').groups, []);
});

test('comments and a comma behind the last entry are fine', () => {
  const { problems, groups } = read('{\n // who works here\n "version": 1, /* later */ "groups": [],\n}');
  assert.deepEqual([problems, groups], [[], []]);
});

test('what a file leaves out has its default, and what it says counts', () => {
  const stock = { id: 'p2', name: 'Stock Room!', cwd: '~/own', provider: 'acp', command: ['gemini', '--acp'], sandboxEnabled: false };
  const { groups } = read(lines(file(group({ projects: [project(), stock] }))));
  const [first] = groups ?? [];
  assert.deepEqual(
    first?.members.map(({ key, name, folder, provider, sandboxMode }) => [key, name, folder, provider, sandboxMode]),
    [
      ['a1', 'lead', '/srv/shop', 'claude', undefined],
      ['p1', 'shop', '/srv/shop', 'claude', undefined],
      ['p2', 'stock-room', '/home/me/own', 'acp', 'off'],
    ],
  );
  assert.deepEqual(first?.members[0]?.part, {
    ...{ role: 'manager', tier: 1, description: '', systemPrompt: '', autonomousMode: 'restricted', enabled: true },
    ...{ wakeStrategy: null, wakeIntervalMin: 3, wakeThreshold: 0.5, stallThresholdMin: null },
  });
});

test('an agent of the catalogue is named by its kind', () => {
  const agents = [lead({ kind: 'opencode' }), lead({ id: 'a2', name: 'tester', role: 'tester', kind: 'codex' })];
  const [first] = read(lines(file(group({ agents })))).groups ?? [];
  assert.deepEqual(
    first?.members.slice(0, 2).map(({ provider, command }) => [provider, command]),
    [
      ['acp', ['opencode', 'acp']],
      ['codex', []],
    ],
  );
});

for (const fields of [{ isAgent: false }, { enabled: false }]) {
  test(`a project with ${JSON.stringify(fields)} has no agent, and is one of the group all the same`, () => {
    const [first] = read(lines(file(group({ projects: [project(fields)] })))).groups ?? [];
    assert.deepEqual([first?.members.length, first?.projects.length], [1, 1]);
  });
}

for (const [name, expected] of [
  ['Shop', 'shop'],
  ['Stock Room', 'stock-room'],
  ['  Café  No. 1 ', '-caf-no-1-'],
  ['!!!', ''],
] as const) {
  test(`the identifier of "${name}" is "${expected}"`, () => assert.equal(identifierOf(name), expected));
}

const long = 'x'.repeat(101);
for (const [what, value, mark, message] of [
  [
    'an unknown role',
    file(group({ agents: [lead({ role: 'boss' })] })),
    '"boss"',
    /"role": one of "manager", "architect", "tester", "reviewer"/,
  ],
  ['a duplicate id of groups', file(group(), group({ projects: [], agents: [] })), '"g1"', /The id "g1" stands here twice/],
  ['a duplicate id of members', file(group({ agents: [lead({ id: 'p1' })] })), '"p1"', /The id "p1" stands here twice/],
  [
    'an unknown provider',
    file(group({ agents: [lead({ provider: 'siri' })] })),
    '"siri"',
    /one of "claude", "codex", "acp", "demo" is expected/,
  ],
  [
    'a provider of the original',
    file(group({ agents: [lead({ provider: 'ollama' })] })),
    '"ollama"',
    /"acp" and "command": \["opencode", "acp"\]/,
  ],
  ['a kind that is none', file(group({ agents: [lead({ kind: 'siri' })] })), '"siri"', /one of "claude", "codex", "opencode"/],
  [
    'a kind and a provider',
    file(group({ agents: [lead({ kind: 'opencode', provider: 'acp' })] })),
    '"acp"',
    /"kind": "opencode" says it already/,
  ],
  ['acp without a command', file(group({ agents: [lead({ provider: 'acp' })] })), '"acp"', /needs its program: add "command"/],
  [
    'a folder that is not there',
    file(group({ projects: [project({ cwd: '/srv/gone' })] })),
    '"/srv/gone"',
    /There is no folder \/srv\/gone/,
  ],
  ['a relative folder', file(group({ projects: [project({ cwd: 'shop' })] })), '"shop"', /no absolute path/],
  [
    'one folder for two projects',
    file(group({ projects: [project(), project({ id: 'p2', name: 'B' })] })),
    '"/srv/shop"',
    /a project of a group already/,
  ],
  ['two agents of one name in a project', file(group({ agents: [lead({ name: 'shop' })] })), '"Shop"', /two agents "shop" in one project/],
  ['a contact of nobody', file(group({ agents: [lead({ contacts: ['shop', 'nobody'] })] })), '"nobody"', /Known: person, lead, shop/],
  ['a threshold above 1', file(group({ agents: [lead({ wakeThreshold: 1.5 })] })), '1.5', /a number from 0 to 1/],
  ['a name with "/"', file(group({ agents: [lead({ name: 'a/b' })] })), '"a/b"', /may not contain "\/"/],
  ['a name that means somebody else', file(group({ agents: [lead({ name: 'Person' })] })), '"Person"', /means somebody else/],
  ['an identifier that means somebody else', file(group({ projects: [project({ identifier: 'all' })] })), '"all"', /means somebody else/],
  ['a name that makes no identifier', file(group({ projects: [project({ name: '!!!' })] })), '"!!!"', /an "identifier"/],
  ['a name with control characters', file(group({ agents: [lead({ name: 'a\u0007' })] })), '"a\\u0007"', /no control characters/],
  ['a name that is too long', file(group({ agents: [lead({ name: long })] })), `"${long}"`, /at most 100 characters/],
  ['a version of the future', { version: 2, groups: [] }, '2', /"version": 1 is expected/],
  ['groups that are no list', { version: 1, groups: {} }, '{', /a list of groups is expected/],
  ['a role that is missing', file(group({ agents: [{ id: 'a1', name: 'lead' }] })), '{', /"role" is missing: one of/],
  ['an agent without any folder', file(group({ projects: [] })), '{', /no folder to work in/],
  ['another thing than an object', [1], '[', /an object with "version" and "groups"/],
] as const) {
  test(`${what} is an error at its line, and nothing of the file counts`, () => {
    const text = lines(value);
    const { problems, groups } = read(text);
    const errors = problems.filter(({ severity }) => severity === 'error');
    assert.equal(groups, null);
    assert.match(errors[0]?.message ?? '', message);
    assert.equal(errors[0] && marked(text, errors[0]), mark);
  });
}

for (const [what, text, message] of [
  ['an empty file', '', /The file is empty/],
  ['a file of comments', '// nothing yet\n', /no JSON|empty/],
  ['a text that ends too early', '{ "version": 1, "groups": [', /no JSON: close bracket expected/],
  ['a text that is no JSON', 'version: 1', /no JSON: invalid symbol/],
] as const) {
  test(`${what} is an error that says so`, () => {
    const { problems, groups } = read(text);
    assert.equal(groups, null);
    assert.match(problems.map((problem) => problem.message).join('\n'), message);
  });
}

test('a field that stands twice is an error, because nobody knows which one is meant', () => {
  const { problems } = read('{ "version": 1, "groups": [], "groups": [] }');
  assert.match(problems[0]?.message ?? '', /"groups" stands here twice/);
});

for (const [what, fields, severity, message] of [
  ['that nobody knows', { colour: 'red' }, 'warning', /"colour" is not known and has no effect\. Known: id, name/],
  ['that reaches for a prototype', { ['__proto__']: { enabled: false } }, 'warning', /"__proto__" is not known/],
  ['of the original without a use here', { useWorktrees: true }, 'info', /works in the project's folder itself/],
] as const) {
  test(`a field ${what} is told, and the rest counts`, () => {
    const { problems, groups } = read(lines(file(group({ projects: [project(fields)] }))));
    assert.deepEqual([problems.map((problem) => problem.severity), groups?.length], [[severity], 1]);
    assert.match(problems[0]?.message ?? '', message);
  });
}

test('an active group that is not there, and a wake of somebody who is not woken, are warnings', () => {
  const value = { ...file(group({ agents: [lead({ role: 'tester', wakeStrategy: 'smart' })] })), activeGroupId: 'gone' };
  const { problems, groups } = read(lines(value));
  assert.deepEqual([problems.map(({ severity }) => severity), groups?.length], [['warning', 'warning'], 1]);
});

test('a file of ten thousand entries is read in one pass', () => {
  const agents = Array.from({ length: 10_000 }, (_, index) => lead({ id: `a${index}`, name: `agent-${index}`, role: 'tester' }));
  assert.equal(read(lines(file(group({ agents })))).groups?.[0]?.members.length, 10_001);
});

test('a file that is nested without end is refused where it becomes too deep, before anything fails at it', () => {
  for (const bracket of ['[', '{"a":']) {
    const { problems, groups, root } = read(`// [[[\n${bracket.repeat(100_000)}`);
    assert.deepEqual([groups, root, problems.length, problems[0]?.line], [null, undefined, 1, 1]);
    assert.match(problems[0]?.message ?? '', /nested deeper/);
  }
});
