import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decideFolders, type FoldersInput } from '../../../../extension/fleet/folder-steps.ts';
import { sampleProject } from '../../../support/protocol-samples.ts';

const trusted = sampleProject({ path: '/srv/trusted' });
const untrusted = sampleProject({ path: '/srv/untrusted', trusted: false });

function steps(changes: Partial<FoldersInput>): string[] {
  const input = { projects: [trusted, untrusted], removedPaths: [], isTrustJustGranted: false, folderPaths: [], ...changes };
  return decideFolders(input).map((step) => `${step.kind} ${step.kind === 'add' ? step.path : step.project.path}`);
}

test('a folder that is no project yet is added', () => {
  assert.deepEqual(steps({ folderPaths: ['/srv/new', trusted.path] }), ['add /srv/new', 'leave /srv/trusted']);
});

test('a trust that was taken away stays away', () => {
  assert.deepEqual(steps({ folderPaths: [untrusted.path] }), ['leave /srv/untrusted']);
});

test('granting trust to the window trusts its projects', () => {
  const folderPaths = [trusted.path, untrusted.path, '/srv/new'];
  assert.deepEqual(steps({ folderPaths, isTrustJustGranted: true }), ['leave /srv/trusted', 'trust /srv/untrusted', 'add /srv/new']);
});

test('what a person removed is not put back', () => {
  assert.deepEqual(steps({ folderPaths: ['/srv/gone', untrusted.path], removedPaths: ['/srv/gone', untrusted.path] }), []);
});
