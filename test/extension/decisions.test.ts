import assert from 'node:assert/strict';
import { commands, window, workspace } from 'vscode';
import type { DecisionNode } from '../../extension/decisions/decisions-tree.ts';
import type { ExtensionForTests } from '../../extension/extension.ts';
import type { ApprovalState } from '../../server/protocol/approval.ts';
import { connectedSubject, until } from './subject.ts';

describe('the decisions', () => {
  let subject: ExtensionForTests;
  const names = ['first', 'second'];

  before(async () => {
    subject = await connectedSubject();
    await until(subject.fleet.onDidChange, () => subject.fleet.state.agents.length > 0);
    const project = subject.fleet.state.projects[0]?.id ?? '';
    for (const name of names)
      await subject.backend.call('agent/add', { project, name, provider: 'demo', environment: { AGOR_DEMO_SPEED: '0' } });
    await until(subject.fleet.onDidChange, () => names.every((name) => subject.fleet.state.agents.some((agent) => agent.name === name)));
  });
  after(async () => {
    for (const agent of names) await subject.backend.call('agent/remove', { agent });
    await commands.executeCommand('workbench.action.closeAllEditors');
  });

  /** Drawn now, as the view would. */
  const drawn = (): DecisionNode[] => subject.decisions.getChildren();
  const ask = async (agent: string): Promise<DecisionNode> => {
    const { length: before } = subject.fleet.state.approvals;
    await subject.backend.call('agent/prompt', { agent, text: 'ask' });
    await until(subject.fleet.onDidChange, () => subject.fleet.state.approvals.length > before);
    return drawn().at(-1) ?? assert.fail();
  };
  const stateOf = async ({ id }: DecisionNode): Promise<ApprovalState | undefined> =>
    (await subject.backend.call('approval/list', { all: true })).approvals.find((approval) => approval.id === id)?.state;

  /** As a person who presses again, because nothing was answered. */
  const pressUntilAnswered = async (command: string, node: DecisionNode): Promise<ApprovalState | undefined> => {
    do await commands.executeCommand(command, node);
    while ((await stateOf(node)) === 'open');
    await until(subject.fleet.onDidChange, () => subject.fleet.approval(node.id) === undefined);
    return stateOf(node);
  };

  it('stand in the view in the order in which they were asked, and one that has just appeared takes no answer yet', async () => {
    const first = await ask('first');
    await commands.executeCommand('agor.allowDecision', first);
    assert.equal(await stateOf(first), 'open');
    const second = await ask('second');
    assert.deepEqual(drawn(), [first, second]);
    assert.equal(await pressUntilAnswered('agor.allowDecision', first), 'allowedOnce');
  });

  it('take no answer when another one has just moved into the place of the one that was meant', async () => {
    const [second] = drawn();
    assert.ok(second);
    await commands.executeCommand('agor.denyDecision', second);
    assert.equal(await stateOf(second), 'open');
    assert.equal(await pressUntilAnswered('agor.denyDecision', second), 'denied');
  });

  it('take no answer to anything but what was shown', async () => {
    const asked = await ask('first');
    await commands.executeCommand('agor.allowDecision', { ...asked, hash: 'of something else' });
    assert.equal(await stateOf(asked), 'open');
    await pressUntilAnswered('agor.denyDecision', asked);
  });

  it('keep the answer of whoever was faster, and no late one is an error', async () => {
    const asked = await ask('first');
    await subject.backend.call('approval/answer', { approval: asked.id, decision: 'deny', hash: asked.hash });
    for (const command of [
      'agor.allowDecision',
      'agor.allowDecisionForSession',
      'agor.alwaysAllow',
      'agor.showDecision',
      'agor.answerAllOfKind',
    ])
      await commands.executeCommand(command, asked);
    assert.equal(await stateOf(asked), 'denied');
    assert.deepEqual((await subject.backend.call('rule/list', {})).rules, []);
  });

  it('are gone through in a list, in which a key press too much answers no other question', async () => {
    const [first, second] = [await ask('first'), await ask('second')];
    await commands.executeCommand('agor.answerApproval');
    assert.deepEqual(
      subject.answers.rows.slice(0, 3).map(({ label }) => label.replace(/^\$\([\w-]+\) /, '')),
      ['Ask Node.js for its version', 'Your Answer', 'Deny'],
    );
    const accept = () => commands.executeCommand('workbench.action.acceptSelectedQuickOpenItem');
    await accept();
    while (!subject.answers.isReady) await subject.backend.call('approval/list', {});
    assert.deepEqual([await stateOf(first), await stateOf(second)], ['open', 'open']);
    // Twice at once, and again where VS Code was just drawing the rows and took neither.
    do await Promise.all([accept(), accept()]);
    while ((await stateOf(first)) === 'open');
    await until(subject.fleet.onDidChange, () => subject.fleet.approval(first.id) === undefined);
    assert.deepEqual([await stateOf(first), await stateOf(second)], ['denied', 'open']);
    const isShown = () => window.visibleTextEditors.some(({ document }) => document.getText().includes('second asks:'));
    await until(window.onDidChangeVisibleTextEditors, isShown);
    await subject.backend.call('approval/answer', { approval: second.id, decision: 'deny', hash: second.hash });
    await until(subject.fleet.onDidChange, () => subject.fleet.approval(second.id) === undefined);
    while (subject.answers.rows.length > 0) await subject.backend.call('approval/list', {});
  });

  it('are shown whole in a document, which says what became of them', async () => {
    const asked = await ask('second');
    await commands.executeCommand('agor.showDecision', asked);
    const document = window.activeTextEditor?.document ?? window.visibleTextEditors[0]?.document;
    assert.ok(document);
    for (const text of ['second asks:', 'State: waits for your answer', 'Folder:', 'Command:', '--version'])
      assert.ok(document.getText().includes(text), text);
    const changed = until(workspace.onDidChangeTextDocument, () => document.getText().includes('State: denied'));
    await pressUntilAnswered('agor.denyDecision', asked);
    await changed;
    assert.equal(subject.decisions.getChildren().length, 0);
  });
});
