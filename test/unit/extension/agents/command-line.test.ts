import assert from 'node:assert/strict';
import { test } from 'node:test';
import { splitCommandLine } from '../../../../extension/agents/command-line.ts';

const cases: [string, string[] | undefined][] = [
  ['', []],
  ['   ', []],
  ['agent', ['agent']],
  ['agent  --acp\t-v', ['agent', '--acp', '-v']],
  ['"/opt/my agent/run" --name="a b"', ['/opt/my agent/run', '--name=a b']],
  ['sh -c \'echo "hi"\'', ['sh', '-c', 'echo "hi"']],
  ['say "a \\"quoted\\" word"', ['say', 'a "quoted" word']],
  ['a\\ b c', ['a b', 'c']],
  ["empty ''", ['empty', '']],
  ['C:\\tools\\agent.exe -x', ['C:\\tools\\agent.exe', '-x']],
  ['$HOME/*.ts ~', ['$HOME/*.ts', '~']],
  ['open "quote', undefined],
  ["it's", undefined],
];

for (const [line, words] of cases) {
  test(`splits ${JSON.stringify(line)}`, () => assert.deepEqual(splitCommandLine(line), words));
}
