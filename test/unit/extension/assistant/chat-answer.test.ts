import assert from 'node:assert/strict';
import { test } from 'node:test';
import { asText, sentAnswer, statusAnswer, tasksAnswer } from '../../../../extension/assistant/chat-answer.ts';
import { plainTranslate } from '../../../support/plain-translate.ts';
import { sampleAgent, sampleMessage, sampleProject, sampleTask } from '../../../support/protocol-samples.ts';

for (const hostile of [
  '[Review](command:workbench.action.quit)',
  '![x](https://example.org/a.png)',
  'https://example.org/?leak=1',
  'www.example.org',
  'someone@example.org',
  '<img src=x onerror=alert(1)>',
  '<command:agor.restartBackend>',
  '$(check) ok',
  '# Heading',
  '`code`',
  '| a | b |',
  '1. first',
]) {
  test(`${hostile} is no more than text`, () => {
    const escaped = asText(hostile);
    assert.equal(escaped.replaceAll('\\', ''), hostile);
    // Whatever Markdown could take for a sign of its own has a backslash before it.
    assert.doesNotMatch(escaped, /(?<!\\)[`*_[\]()<>#!|~$&:@.]/);
  });
}

test('a text of several lines stays one line, and shows what is hidden in it', () => {
  assert.equal(asText('one\n\n# two\u202e'), 'one \\# two\\<U\\+202E\\>');
});

test('the status names each agent under its project, and first what waits for the person', () => {
  const project = sampleProject({ name: 'shop' });
  const agent = sampleAgent({ projectId: project.id, name: 'build*er', state: 'idle', stateDetail: '' });
  const now = { projects: [project], agents: [agent] };
  assert.equal(statusAnswer({ ...now, openApprovals: 0 }, plainTranslate), 'Nothing waits for you.\n\n**shop**\n\n- **build\\*er**: Ready');
  assert.match(statusAnswer({ ...now, openApprovals: 2 }, plainTranslate), /^Waiting for you: 2 approvals/);
  assert.equal(statusAnswer({ projects: [], agents: [], openApprovals: 0 }, plainTranslate), 'There is no agent yet.');
});

test('the tasks are told with their state, and the team where there are several', () => {
  const task = sampleTask({ number: 7, title: 'Sell [shoes](command:x)', state: 'review', assignee: null, isHeld: true });
  assert.equal(
    tasksAnswer([{ team: undefined, tasks: [task] }], plainTranslate),
    '- **\\#7** Sell \\[shoes\\]\\(command\\:x\\) (In Review, nobody, held)',
  );
  assert.equal(tasksAnswer([], plainTranslate), 'The board has no open tasks.');
});

test('what was sent is told, and what its sender should know', () => {
  const message = sampleMessage({});
  assert.match(sentAnswer({ message, note: null }, plainTranslate), /^Sent to /);
  assert.equal(sentAnswer({ message, note: 'It waits: builder is away.' }, plainTranslate), 'It waits\\: builder is away\\.');
});
