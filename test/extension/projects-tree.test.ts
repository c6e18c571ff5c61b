import assert from 'node:assert/strict';
import { MarkdownString, ThemeIcon, type TreeItem } from 'vscode';
import type { ExtensionForTests } from '../../extension/extension.ts';
import { connectedSubject, until } from './subject.ts';

describe('the tree', () => {
  let subject: ExtensionForTests;
  const rows = (parent?: Parameters<ExtensionForTests['tree']['getChildren']>[0]) =>
    subject.tree.getChildren(parent).map((node) => ({ node, item: subject.tree.getTreeItem(node) }));
  const label = ({ item }: { item: TreeItem }) => item.label;

  before(async () => {
    subject = await connectedSubject();
    await until(subject.fleet.onDidChange, () => subject.fleet.state.agents.length > 0);
  });

  it("shows the window's folder as a trusted project, and in it the demo agent, which is not started", () => {
    const [project] = rows();
    assert.ok(project);
    assert.equal(project.item.contextValue, 'project.trusted');
    const agents = rows(project.node);
    assert.deepEqual(agents.map(label), ['demo']);
    assert.equal(agents[0]?.item.contextValue, 'agent.resting.active');
  });

  it('gives every row a stable id, an icon and words for a screen reader', () => {
    for (const { node, item } of rows().flatMap((project) => [project, ...rows(project.node)])) {
      assert.equal(item.id, node.id);
      assert.ok(item.iconPath instanceof ThemeIcon);
      assert.ok(item.accessibilityInformation?.label);
    }
  });

  it('says what else is known of a row where the pointer rests, and not before', () => {
    const [project] = rows();
    assert.ok(project);
    assert.equal(project.item.tooltip, undefined);
    const { tooltip } = subject.tree.resolveTreeItem(project.item, project.node);
    assert.ok(tooltip instanceof MarkdownString);
    assert.match(tooltip.value, /Folder/);
    assert.doesNotMatch(tooltip.value, /[a-z]&nbsp;[a-z]/, 'a line breaks between words');
  });

  it('follows an agent that is added and removed', async () => {
    const [project] = rows();
    assert.ok(project);
    const agent = await subject.backend.call('agent/add', { project: project.node.id, name: 'second', provider: 'demo' });
    await until(subject.fleet.onDidChange, () => subject.fleet.agent(agent.id) !== undefined);
    assert.deepEqual(rows(project.node).map(label), ['demo', 'second']);
    assert.deepEqual(subject.tree.getParent({ kind: 'agent', id: agent.id }), project.node);
    await subject.backend.call('agent/remove', { agent: agent.id });
    await until(subject.fleet.onDidChange, () => subject.fleet.agent(agent.id) === undefined);
    assert.deepEqual(rows(project.node).map(label), ['demo']);
  });
});
