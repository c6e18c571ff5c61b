/** What may be answered together. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { kindOf } from '../../../server/agents/request-kind.ts';
import type { PermissionRequest } from '../../../server/protocol/agent-event.ts';
import { permissionRequest as request } from '../../support/transcripts.ts';

const command = (text: string, resolved: string | null = '/usr/bin/x', more: Partial<PermissionRequest> = {}) => ({
  ...request,
  command: text,
  resolved,
  ...more,
});
const edit = (...paths: string[]): PermissionRequest => ({
  ...request,
  ...{ toolName: 'Edit', toolKind: 'edit', command: null, cwd: null, resolved: null },
  content: paths.map((path) => ({ type: 'diff', path, oldText: 'a', newText: 'b' })),
});

describe('one kind', () => {
  const alike: [name: string, one: PermissionRequest, other: PermissionRequest, label: string][] = [
    [
      'the same program and subcommand',
      command('git status -s'),
      command('git status --short', '/usr/bin/x', { cwd: '/other' }),
      'git status (Bash)',
    ],
    ['the same program without a subcommand', command('ls -la'), command('ls -l src'), 'ls (Bash)'],
    ['files below one folder', edit('src/a.ts'), edit('src/deep/b.ts', 'src/c.ts'), 'src/ (Edit)'],
    ['files of the project itself', edit('a.ts'), edit('b.ts'), './ (Edit)'],
    [
      'the same tool',
      { ...request, command: null, toolName: 'WebFetch', toolKind: 'fetch' },
      { ...request, command: null, toolName: 'WebFetch', toolKind: 'fetch', title: 'x' },
      'WebFetch',
    ],
  ];
  for (const [name, one, other, label] of alike) {
    it(`is ${name}`, () => {
      assert.equal(kindOf(one).kind, kindOf(other).kind);
      assert.equal(kindOf(one).kindLabel, label);
    });
  }
});

describe('not one kind', () => {
  const others: [name: string, one: PermissionRequest, other: PermissionRequest][] = [
    ['another subcommand', command('git status'), command('git push')],
    ['another program of the same name', command('git status'), command('git status', '/srv/git')],
    ['another tool', command('git status'), command('git status', '/usr/bin/x', { toolName: 'Monitor' })],
    ['what runs something else', command('bash a.sh'), command('bash b.sh')],
    ['what runs something else, with its folder', command('/usr/bin/python3 a.py'), command('/usr/bin/python3 b.py')],
    ['what a shell decides', command('ls | wc', null), command('ls | rm', null)],
    ['a command that shows more', command('git status'), command('git status', '/usr/bin/x', { content: [{ type: 'text', text: '{}' }] })],
    ['files of another folder', edit('src/a.ts'), edit('lib/a.ts')],
    ['files of several folders', edit('src/a.ts'), edit('src/a.ts', 'lib/a.ts')],
    ['a file that leads out', edit('src/a.ts'), edit('src/../a.ts')],
    ['files of the system', edit('/etc/a'), edit('/etc/ssh/b')],
    [
      'a tool that runs something without saying what',
      { ...request, command: null, title: 'a' },
      { ...request, command: null, title: 'b' },
    ],
  ];
  for (const [name, one, other] of others) it(`is ${name}`, () => assert.notEqual(kindOf(one).kind, kindOf(other).kind));
});
