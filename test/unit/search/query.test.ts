import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseQuery, type Query } from '../../../server/search/query.ts';

const now = Date.UTC(2026, 10, 20);
const known = { isAgent: (name: string) => name === 'builder', isProject: (name: string) => name === 'my shop' };
const parse = (typed: string): Query => parseQuery(typed, known, now);

test('words are all looked for, and nothing that is typed is taken for an operator of the index', () => {
  assert.equal(parse('one AND two').match, '"one" AND "AND" AND "two"');
  assert.equal(parse('NEAR(a b)').match, '"NEAR(a" AND "b)"');
  assert.equal(parse('content:x').match, '"content:x"');
});

test('a phrase stays together, a star begins a word, and a minus leaves out', () => {
  assert.equal(parse('"out of memory" dep* -done').match, '("out of memory" AND "dep*" *) NOT ("done")');
});

test('a phrase that is not closed ends with the line', () => {
  assert.equal(parse('x "out of').match, '"x" AND "out of"');
});

test('agents, projects, kinds and times narrow it down, with quotation marks where a name has blanks', () => {
  const { match, agents, projects, groups, since, remarks } = parse('agent:builder project:"my shop" type:tasks since:2d word');
  assert.deepEqual(
    { match, agents, projects, groups, remarks },
    {
      match: '"word"',
      agents: ['builder'],
      projects: ['my shop'],
      groups: ['tasks'],
      remarks: [],
    },
  );
  assert.equal(since, now - 2 * 86_400_000);
  assert.equal(parse('since:2026-11-01').since, Date.UTC(2026, 10, 1));
});

test('of several times the latest counts', () => {
  assert.equal(parse('since:2d since:1h').since, now - 3_600_000);
});

test('what is not understood is taken as words, and said so', () => {
  for (const typed of ['agent:nobody', 'project:none', 'type:toString', 'since:tomorrow', 'word -agent:builder']) {
    const { match, remarks } = parse(typed);
    assert.notEqual(match, null, typed);
    assert.equal(remarks.length, 1, typed);
  }
});

test('what has neither letters nor digits is left out, and said so', () => {
  const { match, remarks } = parse('!!! word');
  assert.equal(match, '"word"');
  assert.deepEqual(remarks, ['"!!!" has no letters or digits, and was left out.']);
});

test('words to leave out need one to look for', () => {
  const { match, remarks } = parse('-done');
  assert.equal(match, null);
  assert.equal(remarks.length, 1);
});

test('a very long query counts up to a number of words', () => {
  const { words, remarks } = parse('word '.repeat(90));
  assert.equal(words.length, 40);
  assert.deepEqual(remarks, ['Only the first 40 words count.']);
});
