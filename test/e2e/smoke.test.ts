import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { startEditor } from '../support/editor.ts';
import type { Workbench } from '../support/workbench.ts';

const editor = await startEditor({ settings: { 'workbench.colorTheme': 'Default Dark Modern' } });
after(() => editor.stop());

test('a new window shows the workspace as a project with the demo agent, and a healthy backend', async () => {
  const window = await openedAgor();
  await window.treeRow('demo').waitFor();
  assert.match((await window.treeRows())[0] ?? '', /sample/);
  assert.equal(backendPids().length, 1);
  assert.deepEqual(window.errors, []);
  await window.screenshot('tree-dark');
  await window.close();
});

test('two windows share one backend, and the second stays attached when the first is closed', async () => {
  const [first, second] = [await openedAgor(), await openedAgor()];
  const before = backendPids();
  await first.close();
  await second.connected();
  assert.deepEqual(backendPids(), before);
  assert.equal(before.length, 1);
  await second.close();
});

test('after its extension host was killed, a reloaded window is attached to the same backend', async () => {
  const window = await openedAgor();
  const before = backendPids();
  assert.notEqual(editor.killExtensionHost().length, 0);
  await window.reload();
  await window.connected();
  await window.openViewContainer('Agor');
  await window.treeRow('demo').waitFor();
  assert.deepEqual(backendPids(), before);
});

async function openedAgor(): Promise<Workbench> {
  const window = await editor.openPage();
  await window.connected();
  await window.openViewContainer('Agor');
  await window.treeRow('sample').waitFor();
  return window;
}

function backendPids(): number[] {
  return editor
    .backendProcesses()
    .filter(({ command }) => /[/\\]backend\.js /.test(command))
    .map(({ pid }) => pid);
}
