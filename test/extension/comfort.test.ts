import assert from 'node:assert/strict';
import { CancellationTokenSource, type ChatResponseStream, type Command, commands, extensions, type MarkdownString, window } from 'vscode';
import { answer, participantId } from '../../extension/assistant/chat-participant.ts';
import type { ExtensionForTests } from '../../extension/extension.ts';
import { connectedSubject, until } from './subject.ts';

const { contributes } = extensions.getExtension('agor.agent-orchestrator')?.packageJSON ?? {};

describe("@agor in VS Code's own chat", () => {
  let subject: ExtensionForTests;

  before(async () => {
    subject = await connectedSubject();
    await until(subject.fleet.onDidChange, () => subject.fleet.state.agents.length > 0);
  });

  it('is contributed with its commands', () => {
    const [participant] = contributes.chatParticipants;
    assert.equal(participant.id, participantId);
    assert.deepEqual(
      participant.commands.map(({ name }: { name: string }) => name),
      ['status', 'tasks', 'send'],
    );
  });

  it('tells how the agents are', async () => {
    const { text } = await ask('status', '');
    assert.match(text, /\*\*demo\*\*/);
  });

  it('tells the tasks, whose titles are no more than text, and leads to the board', async () => {
    await subject.backend.call('task/add', { title: 'See [this](command:workbench.action.quit)' });
    const { text, buttons } = await ask('tasks', '');
    assert.match(text, /See \\\[this\\\]\\\(command\\:/);
    assert.deepEqual(
      buttons.map(({ command }) => command),
      ['agor.openBoard'],
    );
  });

  it('writes to an agent as the person, and says what is missing', async () => {
    const { text } = await ask('send', 'demo: hello from the chat');
    assert.notEqual(text, '');
    const { messages } = await subject.backend.call('message/feed', { agent: 'demo' });
    assert.ok(messages.some((message) => message.from.id === 'person' && message.text === 'hello from the chat'));
    const { failure } = await ask('send', 'demo');
    assert.match(failure ?? '', /Name an agent and what to tell it/);
    const unknown = await ask('send', 'nobody hello');
    assert.match(unknown.failure ?? '', /nobody/);
  });

  it('says what it understands when it is asked something else', async () => {
    const { text } = await ask(undefined, 'how are you?');
    for (const command of ['/status', '/tasks', '/send']) assert.ok(text.includes(command));
  });

  async function ask(command: string | undefined, prompt: string) {
    const texts: MarkdownString[] = [];
    const buttons: Command[] = [];
    const stream: Pick<ChatResponseStream, 'markdown' | 'button' | 'progress'> = {
      markdown: (text) => void (typeof text === 'string' ? assert.fail('A plain string is not safe.') : texts.push(text)),
      button: (button) => void buttons.push(button),
      progress: () => undefined,
    };
    const { errorDetails } = await answer(subject, { command, prompt }, stream, new CancellationTokenSource().token);
    for (const { isTrusted, supportHtml } of texts) assert.deepEqual([isTrusted, supportHtml], [false, false]);
    return { text: texts.map(({ value }) => value).join('\n'), buttons, failure: errorDetails?.message };
  }
});

describe('the walkthrough', () => {
  it('has five steps, each with a picture and with what completes it', () => {
    const [walkthrough] = contributes.walkthroughs;
    assert.equal(walkthrough.steps.length, 5);
    for (const { media, completionEvents, description } of walkthrough.steps) {
      assert.ok(media.svg && media.altText);
      assert.ok(completionEvents.length > 0);
      assert.match(description, /\]\(command:agor\.\w+/);
    }
  });

  it('leads only to commands that exist', async () => {
    const known = new Set(await commands.getCommands(true));
    const named = JSON.stringify(contributes.walkthroughs).matchAll(/command:(agor\.\w+)|onCommand:(agor\.\w+)/g);
    for (const [, linked, completing] of named) assert.ok(known.has(linked ?? completing ?? ''));
  });

  it('is not opened by itself', () => {
    const labels = window.tabGroups.all.flatMap((group) => group.tabs).map(({ label }) => label);
    assert.deepEqual(
      labels.filter((label) => /walkthrough|welcome/i.test(label)),
      [],
    );
  });
});
