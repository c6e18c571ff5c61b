/** What a rule fits, and everything that it must not fit. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { fits, matchOf } from '../../../server/permissions/rule-match.ts';
import type { PermissionRequest } from '../../../server/protocol/agent-event.ts';
import { permissionRequest } from '../../support/transcripts.ts';

const isReal = () => true;
const command = permissionRequest;
const edit = (path: string, fields: Partial<PermissionRequest> = {}): PermissionRequest => ({
  ...{ title: `Edit ${path}`, toolName: 'Edit', toolKind: 'edit', command: null, cwd: null, resolved: null, reason: null },
  ...{ content: [{ type: 'diff', path, oldText: 'a', newText: 'b' }], decisions: ['allowOnce', 'deny'], ...fields },
});

describe('a rule about a command', () => {
  const match = matchOf(command, undefined);

  it('fits the same one, whatever the agent says about it', () => {
    assert.ok(fits(match, command, isReal));
    assert.ok(
      fits(match, { ...command, title: 'Something else', reason: 'because', decisions: ['allowOnce', 'allowSession', 'deny'] }, isReal),
    );
  });

  const others: [name: string, changed: Partial<PermissionRequest>][] = [
    ['one more argument', { command: 'npm test -- --watch' }],
    ['one more blank', { command: 'npm  test' }],
    ['a blank at its end', { command: 'npm test ' }],
    ['a character that cannot be seen', { command: 'npm test\u200b' }],
    ['a letter that looks alike', { command: 'nрm test' }],
    ['a second command', { command: 'npm test; ls' }],
    ['another case', { command: 'NPM test' }],
    ['another folder', { cwd: '/srv' }],
    ['a folder that is written in another way', { cwd: '/srv/shop/' }],
    ['no folder', { cwd: null }],
    ['another file', { resolved: '/srv/shop/node_modules/.bin/npm' }],
    ['a file that is not known', { resolved: null }],
    ['another tool', { toolName: 'Monitor' }],
    ['one that shows more', { content: [{ type: 'text', text: '{ "dangerouslyDisableSandbox": true }' }] }],
    ['no command', { command: null }],
  ];
  for (const [name, changed] of others) it(`does not fit ${name}`, () => assert.ok(!fits(match, { ...command, ...changed }, isReal)));
});

describe('a rule about files', () => {
  it('fits other changes of the same file, and of no other', () => {
    const match = matchOf(edit('src/a.ts'), undefined);
    const other = edit('src/a.ts', { content: [{ type: 'diff', path: 'src/a.ts', oldText: 'x', newText: 'y' }] });
    assert.ok(fits(match, other, isReal));
    for (const path of ['src/b.ts', 'src/a.ts/', 'src/./a.ts', './src/a.ts', '/src/a.ts', 'src/a.tsx', 'SRC/a.ts', 'src/а.ts'])
      assert.ok(!fits(match, edit(path), isReal), path);
    const two = [...other.content, { type: 'diff', path: 'src/b.ts', oldText: 'x', newText: 'y' } as const];
    assert.ok(!fits(match, edit('src/a.ts', { content: two }), isReal));
  });

  it('for a folder fits what is below it, and nothing that only begins alike or leads out again', () => {
    const match = matchOf(edit('src/store/a.ts'), 'src');
    assert.ok(fits(match, edit('src/deep/er/b.ts'), isReal));
    for (const path of ['srcs/b.ts', 'src', 'src/../secret.ts', 'src//b.ts', 'src/b\u200b.ts', '/etc/src/b', 'lib/src/b.ts'])
      assert.ok(!fits(match, edit(path), isReal), path);
  });

  it('does not fit a file that a link leads to, deletes, or shows more than the change', () => {
    const match = matchOf(edit('src/a.ts'), 'src');
    assert.ok(!fits(match, edit('src/a.ts'), () => false));
    assert.ok(!fits(match, edit('src/a.ts', { toolKind: 'delete' }), isReal));
    assert.ok(!fits(match, edit('src/a.ts', { content: [...edit('src/a.ts').content, { type: 'text', text: 'mode: 777' }] }), isReal));
    assert.ok(!fits(match, edit('src/a.ts', { toolName: 'Write' }), isReal));
    assert.ok(!fits(match, edit('src/a.ts', { command: 'rm -rf /' }), isReal));
  });

  const refused: [name: string, request: PermissionRequest, folder: string | undefined][] = [
    ['the whole project', edit('a.ts'), '.'],
    ['an empty folder', edit('a.ts'), ''],
    ['a folder outside', edit('src/a.ts'), '../other'],
    ['an absolute folder', edit('/etc/a'), '/etc'],
    ['a folder that the file is not in', edit('src/a.ts'), 'lib'],
    ['a folder, of a deletion', edit('src/a.ts', { toolKind: 'delete' }), 'src'],
    ['a folder, of a command', command, 'src'],
    ['a path that leads up', edit('src/../a.ts'), undefined],
    ['several files', edit('a', { content: [...edit('a').content, ...edit('b').content] }), undefined],
  ];
  for (const [name, request, folder] of refused)
    it(`is not made about ${name}`, () => assert.throws(() => matchOf(request, folder), { code: 'badRequest' }));
});

describe('a rule about another call', () => {
  it('fits the very same call only', () => {
    const call: PermissionRequest = {
      ...command,
      command: null,
      cwd: null,
      resolved: null,
      toolName: 'WebFetch',
      toolKind: 'fetch',
      content: [{ type: 'text', text: '{"url":"https://a"}' }],
    };
    const match = matchOf(call, undefined);
    assert.ok(fits(match, { ...call, reason: 'new' }, isReal));
    for (const changed of [{ title: 'x' }, { toolName: 'y' }, { content: [] }, { cwd: '/a' }])
      assert.ok(!fits(match, { ...call, ...changed }, isReal));
  });
});
