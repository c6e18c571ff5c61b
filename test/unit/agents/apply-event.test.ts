/** What text, prompts and tool calls do to a transcript. */
import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { closeTools } from '../../../server/agents/apply-event.ts';
import { limits } from '../../../server/protocol/errors.ts';
import type { ItemId } from '../../../server/protocol/ids.ts';
import { TestTranscript } from '../../support/test-transcript.ts';
import { ids, text, toolStarted, turnEnded, turnStarted } from '../../support/transcripts.ts';

const turn = ids.turn();
let here: TestTranscript;

beforeEach(() => {
  here = new TestTranscript();
});

describe('text', () => {
  const item = ids.item();

  for (const [name, parts, expected] of [
    ['in order', [text(item, 0, 'Hello'), text(item, 5, ', you')], 'Hello, you'],
    ['twice', [text(item, 0, 'Hello'), text(item, 0, 'Hello'), text(item, 5, ', you'), text(item, 5, ', you')], 'Hello, you'],
    ['overlapping', [text(item, 0, 'Hello'), text(item, 3, 'lo, you')], 'Hello, you'],
    ['whole after parts', [text(item, 0, 'Hel'), text(item, 0, 'Hello, you')], 'Hello, you'],
    ['older after newer', [text(item, 0, 'Hello, you'), text(item, 2, 'llo')], 'Hello, you'],
    ['with a hole, which is left out', [text(item, 0, 'Hel'), text(item, 5, ', you')], 'Hel'],
    ['with a hole that is filled', [text(item, 0, 'Hel'), text(item, 5, ', you'), text(item, 3, 'lo, you')], 'Hello, you'],
    ['cut inside a character', [text(item, 0, '\u{1f600}'.slice(0, 1)), text(item, 1, '\u{1f600}'.slice(1))], '\u{1f600}'],
  ] as const) {
    it(`that arrives ${name} is kept once`, () => {
      here.apply(turnStarted(turn), ...parts);
      assert.equal(here.only('text').text, expected);
      assert.equal(appended(item), expected, 'and watchers can put it together');
    });
  }

  it('whose beginning never came is no item', () => {
    here.apply(turnStarted(turn), text(item, 5, 'lo'));
    assert.deepEqual(here.all(), []);
    assert.equal(here.transcript.record.itemCount, 0);
  });

  it('is complete when its block ends, and takes nothing more', () => {
    here.apply(turnStarted(turn), text(item, 0, 'Hello'), { type: 'blockEnded', itemId: item });
    here.commit();
    here.apply(text(item, 5, ', you'));
    const { complete, interrupted } = here.only('text');
    assert.deepEqual({ complete, interrupted }, { complete: true, interrupted: false });
    assert.equal(here.only('text').text, 'Hello');
  });

  for (const [reason, interrupted] of [
    ['completed', false],
    ['interrupted', true],
    ['failed', true],
    ['crashed', true],
    ['limit', true],
  ] as const) {
    it(`that is still open when its turn ends as ${reason} is ${interrupted ? 'marked as cut' : 'complete'}`, () => {
      here.apply(turnStarted(turn), text(item, 0, 'Hel'), turnEnded(turn, reason));
      assert.equal(here.only('text').complete, true);
      assert.equal(here.only('text').interrupted, interrupted);
    });
  }

  function appended(id: ItemId): string {
    here.commit();
    const parts = here.changes.filter((change) => change.op === 'append' && change.itemId === id);
    return parts.map((change) => (change.op === 'append' ? change.text : '')).join('');
  }
});

describe('a prompt', () => {
  const promptId = ids.prompt();
  const addPrompt = (id = promptId) =>
    here.transcript.add({ id: ids.item(), at: 1, kind: 'prompt', promptId: id, text: 'go', state: 'queued' });

  it('waits outside of any turn, and moves behind what came before its turn starts', () => {
    here.apply(turnStarted(turn));
    addPrompt();
    assert.equal(here.only('prompt').turnId, null);
    here.apply({ type: 'notice', level: 'info', text: 'meanwhile' }, turnEnded(turn));
    const next = ids.turn();
    here.apply(turnStarted(next, promptId));
    assert.deepEqual(here.kinds(), ['notice', 'turnEnd', 'prompt']);
    assert.deepEqual([here.only('prompt').state, here.only('prompt').turnId], ['sent', next]);
    assert.equal(here.transcript.record.itemCount, 3);
  });

  it('that waits stays where it is when another one is begun', () => {
    addPrompt();
    const other = ids.prompt();
    addPrompt(other);
    here.apply(turnStarted(turn, other));
    const states = here.all().map((item) => item.kind === 'prompt' && [item.promptId, item.state]);
    assert.deepEqual(states, [
      [promptId, 'queued'],
      [other, 'sent'],
    ]);
  });
});

describe('a tool call', () => {
  const item = ids.item();
  const started = () => here.apply(turnStarted(turn), toolStarted(item));

  it('runs, changes title, input and content, and ends', () => {
    started();
    assert.equal(here.only('tool').status, 'running');
    here.apply({ type: 'toolProgressed', itemId: item, title: 'npm t', content: [{ type: 'text', text: 'half' }] });
    here.apply({ type: 'toolProgressed', itemId: item, input: { command: 'npm t' } });
    here.apply({ type: 'toolEnded', itemId: item, status: 'failed' });
    const { title, input, status, endedAt, content } = here.only('tool');
    assert.deepEqual({ title, input, status, endedAt }, { title: 'npm t', input: { command: 'npm t' }, status: 'failed', endedAt: 50 });
    assert.deepEqual(content, [{ type: 'text', text: 'half' }]);
  });

  it('that is told of as over while it progresses has ended', () => {
    started();
    here.apply({ type: 'toolProgressed', itemId: item, status: 'ok' });
    assert.deepEqual([here.only('tool').status, here.only('tool').endedAt], ['ok', 50]);
  });

  it('that has ended, or never began, does not change', () => {
    started();
    here.apply({ type: 'toolEnded', itemId: item, status: 'ok' });
    here.commit();
    here.apply({ type: 'toolEnded', itemId: item, status: 'failed' }, { type: 'toolEnded', itemId: ids.item(), status: 'failed' });
    assert.equal(here.only('tool').status, 'ok');
  });

  it('keeps the beginning of a long output and says how much was left out', () => {
    const long = 'x'.repeat(limits.toolOutputChars - 10);
    const diff = { type: 'diff', path: 'a.ts', oldText: null, newText: 'y' } as const;
    started();
    const content = [{ type: 'text', text: long } as const, diff, { type: 'text', text: 'z'.repeat(25) } as const];
    here.apply({ type: 'toolEnded', itemId: item, status: 'ok', content });
    assert.equal(here.only('tool').omittedChars, 15);
    assert.deepEqual(
      here.only('tool').content.map((part) => (part.type === 'text' ? part.text.length : part)),
      [long.length, diff, 10],
    );
  });

  for (const [reason, status] of [
    ['completed', 'running'],
    ['interrupted', 'running'],
    ['crashed', 'interrupted'],
  ] as const) {
    it(`that its turn left running is ${status} when the turn ends as ${reason}`, () => {
      started();
      here.apply(turnEnded(turn, reason));
      assert.equal(here.only('tool').status, status);
    });
  }

  it('in the background ends with the agent, in whichever turn it began', () => {
    started();
    here.apply(turnEnded(turn));
    here.commit();
    const next = ids.turn();
    here.apply(turnStarted(next), turnEnded(next, 'crashed'));
    assert.deepEqual([here.only('tool').status, here.only('tool').endedAt, here.only('tool').turnId], ['interrupted', 50, turn]);
  });

  it('is closed when the program is gone', () => {
    started();
    closeTools(here.transcript, 70);
    assert.deepEqual([here.only('tool').status, here.only('tool').endedAt], ['interrupted', 70]);
  });
});
