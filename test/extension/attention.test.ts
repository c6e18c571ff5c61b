import assert from 'node:assert/strict';
import { commands, ThemeIcon } from 'vscode';
import type { ExtensionForTests } from '../../extension/extension.ts';
import { connectedSubject, until } from './subject.ts';

describe('what needs the person', () => {
  let subject: ExtensionForTests;
  let agentId: string;

  before(async () => {
    subject = await connectedSubject();
    await until(subject.fleet.onDidChange, () => subject.fleet.state.agents.length > 0);
    const [project] = subject.fleet.state.projects;
    assert.ok(project);
    const agent = await subject.backend.call('agent/add', { project: project.id, name: 'asking', provider: 'demo' });
    agentId = agent.id;
    await until(subject.fleet.onDidChange, () => subject.fleet.agent(agentId) !== undefined);
  });

  after(async () => {
    await subject.backend.call('agent/remove', { agent: agentId });
    await until(subject.fleet.onDidChange, () => subject.fleet.agent(agentId) === undefined);
  });

  const labels = () => subject.needs.rows.map(({ label }) => label);
  const names = () => {
    const [project] = subject.tree.getChildren();
    return subject.tree.getChildren(project).map((node) => subject.tree.getTreeItem(node).label);
  };

  it('is nothing at first, and the list says so in a sentence', async () => {
    await commands.executeCommand('agor.showNeeds');
    assert.equal(labels()[0], '$(pass) Nobody needs you now.');
    assert.deepEqual(names(), ['demo', 'asking']);
  });

  it('is an agent that asks: in the open list, and at the top of the tree with its reason', async () => {
    await subject.backend.call('agent/prompt', { agent: agentId, text: 'ask' });
    await until(subject.fleet.onDidChange, () => subject.fleet.state.approvals.length > 0);
    assert.deepEqual(labels().slice(0, 2), ['Needs You Now', '$(bell-dot) asking']);
    assert.deepEqual(names(), ['asking', 'demo']);
    const [project] = subject.tree.getChildren();
    assert.ok(project);
    const shown = subject.tree.getTreeItem(project);
    assert.match(String(shown.description), /^asking: 1 approval · 2 agents/);
    assert.ok(shown.iconPath instanceof ThemeIcon);
    assert.equal(shown.iconPath.color?.id, 'list.warningForeground');
  });

  it('is over when it is answered, and its row keeps its place for a moment', async () => {
    const [approval] = subject.fleet.state.approvals;
    assert.ok(approval);
    await subject.backend.call('approval/answer', { approval: approval.id, decision: 'deny', hash: approval.hash });
    await until(subject.fleet.onDidChange, () => subject.fleet.state.approvals.length === 0);
    assert.equal(labels()[0], '$(pass) Nobody needs you now.');
    assert.deepEqual(names(), ['asking', 'demo']);
    const closed = until(subject.needs.onDidChange, () => !subject.needs.isOpen);
    await commands.executeCommand('workbench.action.closeQuickOpen');
    await closed;
  });
});
