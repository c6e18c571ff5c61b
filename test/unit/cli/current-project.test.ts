import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { newId } from '../../../server/base/uuid.ts';
import { projectContaining } from '../../../server/cli/current-project.ts';
import type { Project } from '../../../server/protocol/project.ts';

function project(path: string): Project {
  return { id: newId<Project['id']>(), name: path, path, trusted: true, createdAt: 0 };
}

describe('the current project', { skip: process.platform === 'win32' }, () => {
  const projects = ['/src/web', '/src/web/packages/api', '/src/website'].map(project);
  const cases: [folder: string, expected: string | undefined][] = [
    ['/src/web', '/src/web'],
    ['/src/web/lib', '/src/web'],
    ['/src/web/packages/api/x', '/src/web/packages/api'],
    ['/src/website/x', '/src/website'],
    ['/src/webs', undefined],
    ['/src', undefined],
  ];
  for (const [folder, expected] of cases) {
    it(`in ${folder} is ${expected ?? 'none'}`, () => assert.equal(projectContaining(projects, folder)?.path, expected));
  }

  it('may be the root folder', () => assert.equal(projectContaining([project('/')], '/any')?.path, '/'));
});
