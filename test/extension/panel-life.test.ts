import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { commands, type Tab, TabInputWebview, window } from 'vscode';
import type { ExtensionForTests } from '../../extension/extension.ts';
import { connectedSubject, until } from './subject.ts';

const times = 100;
const mostLooks = 100;
/** A panel that stays behind holds its page's words and its listeners, some 300 KiB. */
const maxGrowthBytes = 10 * 1_048_576;

describe('panels that are opened and closed while an agent works', () => {
  let subject: ExtensionForTests;
  let agentId: string;

  before(async () => {
    subject = await connectedSubject();
    await until(subject.fleet.onDidChange, () => subject.fleet.state.agents.length > 0);
    agentId = subject.fleet.state.agents[0]?.id ?? '';
  });

  after(async () => {
    await subject.backend.call('agent/interrupt', { agent: agentId });
    await commands.executeCommand('workbench.action.closeAllEditors');
  });

  it(`leave neither memory nor descriptors nor watches behind, after ${times} times`, async function () {
    // It takes as long as the machine needs.
    this.timeout(170_000);
    const opened = [
      ['agor.openChat', { kind: 'agent', id: agentId }],
      ['agor.openBoard'],
      ['agor.openMetrics'],
      ['agor.openAuditLog'],
    ] as const;
    const rounds = async (count: number) => {
      for (let round = 0; round < count; round += 1) await openAndClose(opened[round % opened.length] ?? opened[0]);
    };
    const { pid } = await subject.backend.call('health/get', {});
    for (let turn = 0; turn < 10; turn += 1) await subject.backend.call('agent/prompt', { agent: agentId, text: 'long' });
    await rounds(2 * opened.length);
    const before = held(pid);
    await rounds(times);
    assert.equal(tabs().length, 0);
    // What is under way in this moment ends; what was left behind stays.
    let left = leftBehind(before, held(pid));
    for (let looks = 0; looks < mostLooks && left.length > 0; looks += 1) {
      await subject.backend.call('health/get', {});
      left = leftBehind(before, held(pid));
    }
    assert.deepEqual(left, []);
  });
});

type Held = ReturnType<typeof held>;

/** There are four panels: one that leaves something behind each time leaves 25. */
function leftBehind(before: Held, after: Held): string[] {
  const most = times / 5;
  return [
    ...(after.host > before.host + most ? [`descriptors of the extension host: ${before.host}, then ${after.host}`] : []),
    ...(after.backend > before.backend + most ? [`descriptors of the backend: ${before.backend}, then ${after.backend}`] : []),
    ...(after.resources > before.resources + most
      ? [`what keeps the extension host busy: ${before.resources}, then ${after.resources}`]
      : []),
    ...(after.heapBytes - before.heapBytes > maxGrowthBytes ? [`bytes: ${before.heapBytes}, then ${after.heapBytes}`] : []),
  ];
}

async function openAndClose([command, argument]: readonly [string, object?]): Promise<void> {
  await commands.executeCommand(command, argument);
  await until(window.tabGroups.onDidChangeTabs, () => tabs().length > 0);
  await window.tabGroups.close(tabs());
  await until(window.tabGroups.onDidChangeTabs, () => tabs().length === 0);
}

function tabs(): Tab[] {
  const all = window.tabGroups.all.flatMap((group) => group.tabs);
  return all.filter(({ input }) => input instanceof TabInputWebview && input.viewType.includes('agor.'));
}

function held(backendPid: number) {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  collect();
  return {
    host: descriptors('self'),
    backend: descriptors(String(backendPid)),
    resources: process.getActiveResourcesInfo().length,
    heapBytes: process.memoryUsage().heapUsed,
  };
}

/** Only Linux tells; elsewhere the other figures have to do. */
function descriptors(pid: string): number {
  return process.platform === 'linux' ? readdirSync(`/proc/${pid}/fd`).length : 0;
}
