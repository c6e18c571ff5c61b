import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { plainWords } from '../../../server/base/plain-command.ts';

describe('a command that starts one program', () => {
  const plain: [command: string, words: string[]][] = [
    ['npm test', ['npm', 'test']],
    ['  npm\ttest  ', ['npm', 'test']],
    ["git commit -m 'a $(b) | c'", ['git', 'commit', '-m', 'a $(b) | c']],
    ['grep "a b" c', ['grep', 'a b', 'c']],
    ["/bin/bash -lc 'rm -rf x; ls'", ['/bin/bash', '-lc', 'rm -rf x; ls']],
    ["echo-er ''", ['echo-er', '']],
  ];
  for (const [command, words] of plain)
    it(`is read word by word: ${JSON.stringify(command)}`, () => assert.deepEqual(plainWords(command), words));
});

describe('a command of which only a shell knows what it runs', () => {
  const others = [
    ...[
      'a; b',
      'a && b',
      'a | b',
      'a & b',
      'a\nb',
      'a\rb',
      '$(a)',
      'a $(b)',
      'a `b`',
      'a "$b"',
      'a "`b`"',
      'a > b',
      'a < b',
      '(a)',
      'a \\; b',
    ],
    ...[
      'A=b c',
      '! a',
      '# a',
      'cd a',
      'echo a',
      'exec a',
      'command a',
      'source a',
      '. a',
      'eval a',
      'time a',
      'if a',
      '[ a ]',
      'alias a=b',
    ],
    ...['~/a b', 'a* b', '{a,b}', '"a" b$', "'a b", '', '   ', 'нpm test', 'npm\u200b test', 'ｎpm test'],
  ];
  for (const command of others) it(JSON.stringify(command), () => assert.equal(plainWords(command), null));
});
