/**
 * Programs that try to have one thing shown and another one run. For each: what a person is shown, in the terminal and in the
 * window, is read back sign by sign and is what the program is told to run; that is what was hashed; and no other hash answers.
 */
import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join, resolve } from 'node:path';
import { after, afterEach, beforeEach, describe, it } from 'node:test';
import { approvalText } from '../../extension/decisions/approval-text.ts';
import { Approvals } from '../../server/agents/approvals.ts';
import { newId } from '../../server/base/uuid.ts';
import { questionLines } from '../../server/cli/question-text.ts';
import { plain } from '../../server/cli/style.ts';
import { AgentEvent, type PermissionRequest } from '../../server/protocol/agent-event.ts';
import type { Approval } from '../../server/protocol/approval.ts';
import type { AgentId, ApprovalId, ProjectId, SessionId } from '../../server/protocol/ids.ts';
import type { AgentAdapter } from '../../server/sidecar/adapter.ts';
import { ResolvedCommands } from '../../server/sidecar/resolved-command.ts';
import { type Spoof, spoofed } from '../fixtures/approvals/spoofed.ts';
import { plainTranslate } from '../support/plain-translate.ts';
import { readTerminal, readWindow } from '../support/shown-question.ts';
import { acpProgram, claudeProgram, codexProgram, type SpokenTo } from '../support/spoofing-programs.ts';
import { hashOf, TestStores } from '../support/test-stores.ts';

const source = { agentId: newId<AgentId>(), projectId: newId<ProjectId>(), sessionId: newId<SessionId>() };
const programs = { claude: claudeProgram, codex: codexProgram, acp: acpProgram };
const table: string[] = [];

let kept: TestStores;
let approvals: Approvals;
beforeEach(() => {
  kept = new TestStores();
  approvals = new Approvals({ file: kept.stores.btmsg, audit: kept.stores.audit, now: () => 100, hashOf });
});
afterEach(() => kept.remove());
after(() => console.log(table.join('\n')));

const notCalled = () => Promise.reject(new Error('only answers go to this program'));
const onlyAnswers: Omit<AgentAdapter, 'answer'> = { open: notCalled, prompt: notCalled, interrupt: notCalled, stop: notCalled };

/** A sidecar and a backend, as far as a question goes through them. */
class Desk {
  readonly project: string;
  readonly #program: SpokenTo;
  readonly #adapter: Pick<AgentAdapter, 'answer'>;

  constructor({ program, files = {} }: Spoof) {
    this.project = kept.folder('shop');
    for (const [name, leadsTo] of Object.entries(files)) this.put(name, leadsTo);
    const place = { folder: this.project, path: [join(this.project, 'node_modules/.bin'), '/usr/bin', '/bin'].join(delimiter) };
    const commands = new ResolvedCommands(place, (event) => this.#heard(event));
    this.#program = programs[program]((event) => commands.emit(event), this.project);
    this.#adapter = commands.adapter({ ...onlyAnswers, answer: this.#program.answer });
  }

  put(name: string, leadsTo: string | null): void {
    const path = join(this.project, name);
    mkdirSync(dirname(path), { recursive: true });
    rmSync(path, { force: true });
    if (leadsTo !== null) return symlinkSync(leadsTo, path);
    writeFileSync(path, '#!/bin/sh\n');
    chmodSync(path, 0o755);
  }

  ask(says: string): Approval {
    this.#program.ask(this.#here(says));
    return this.open();
  }

  change(says: string): void {
    this.#program.change(this.#here(says));
  }

  takeBack(): void {
    this.#program.takeBack();
  }

  open(): Approval {
    const [open, ...others] = approvals.open();
    assert.ok(open && others.length === 0, 'one question is open');
    return open;
  }

  /** As a person answers: first what is kept, then the program. */
  async allow({ id }: Approval, hash: string): Promise<boolean> {
    approvals.answer(id, { decision: 'allowOnce', hash, actor: 'cli' });
    const isDelivered = this.#adapter.answer(id, 'allowOnce', null);
    await Promise.resolve();
    return isDelivered;
  }

  told(): string {
    return JSON.stringify(this.#program.told());
  }

  runs(): unknown {
    return this.#program.runs();
  }

  #here(says: string): string {
    return says.replaceAll('/srv/shop', this.project);
  }

  /** Over the wire, as the backend reads it. */
  #heard(event: AgentEvent): void {
    const read = AgentEvent.parse(JSON.parse(JSON.stringify(event)));
    if (read.type === 'permissionAsked') approvals.ask({ id: read.approvalId, ...source, request: read.request, askedAt: 1 });
    if (read.type === 'permissionWithdrawn') approvals.withdraw(read.approvalId, read.reason, 2);
  }
}

/** The whole input of the tool, as both displays give it back. */
function shownInputs({ request }: Approval, spoof: Spoof, project: string): unknown[] {
  const lines = questionLines(request, plain);
  const text = approvalText('demo', request, plainTranslate);
  if (spoof.seen) for (const shown of [lines.join('\n'), text]) assert.ok(shown.includes(spoof.seen), `${spoof.seen} is seen`);
  const diffs = request.content.flatMap((part) => (part.type === 'diff' ? [part] : []));
  return [readTerminal(lines, diffs), readWindow(text)].map((read) => {
    assert.equal(read.resolved, request.resolved);
    const rest = read.texts.length === 0 ? {} : jsonOf(read.texts.join('\n'));
    return spoof.program === 'claude' ? inputOfClaude(spoof, read, { rest, project }) : { ...read, texts: rest };
  });
}

function jsonOf(text: string): unknown {
  return text.startsWith('{') ? JSON.parse(text) : text;
}

type Shown = ReturnType<typeof readWindow>;

function inputOfClaude(
  { says }: Spoof,
  { command, files }: Shown,
  { rest, project }: { readonly rest: unknown; readonly project: string },
): unknown {
  const { tool_name, description } = JSON.parse(says);
  const others = { ...(typeof rest === 'object' ? rest : {}) };
  if (command !== null) return { ...(description && { description }), ...others, command };
  const [file] = files;
  if (!file) return others;
  const named = { file_path: file.path.includes('..') ? file.path : resolve(project, file.path) };
  if (tool_name === 'Write') return { ...named, content: file.newText, ...others };
  if (tool_name === 'Edit') return { ...named, old_string: file.oldText, new_string: file.newText, ...others };
  return { ...named, ...others };
}

/** What a program of the other protocols does after a yes, by its own words. */
function executed(spoof: Spoof, project: string): unknown {
  const says = (spoof.meanwhile === 'changed' ? (spoof.next ?? '') : spoof.says).replaceAll('/srv/shop', project);
  if (spoof.program === 'codex' && !says.startsWith('{'))
    return { command: null, cwd: null, texts: {}, files: [{ path: 'new.txt', oldText: null, newText: says }] };
  const asked = JSON.parse(says);
  if (spoof.program === 'codex') {
    const { command, cwd, threadId: _, turnId: __, itemId: ___, startedAtMs: ____, kind: _____, reason: ______, ...texts } = asked;
    return { command, cwd, texts, files: [] };
  }
  const { rawInput, content = [] } = asked;
  if (typeof rawInput === 'string') return { command: null, cwd: null, texts: rawInput, files: [] };
  const { command, cwd = null, justification: _, ...texts } = rawInput;
  const files = content.map(({ path, oldText, newText }: { path: string; oldText: string | null; newText: string }) => ({
    path: path.replace(`${project}/`, ''),
    oldText,
    newText,
  }));
  // What a diff shows is not said again.
  if (files.some(({ newText }: { newText: string }) => newText === texts.content)) delete texts.content;
  return { command: Array.isArray(command) ? shellWords(command) : command, cwd, texts, files };
}

function shellWords(words: readonly string[]): string {
  return words.map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`)).join(' ');
}

const withoutResolved = (shown: unknown) => ({ ...(shown as object), resolved: undefined }); // An object, from `shownInputs`.

describe('what is shown is what is run', () => {
  for (const [index, spoof] of spoofed.entries()) {
    it(`${index + 1}. ${spoof.name}`, async () => {
      const desk = new Desk(spoof);
      const first = desk.ask(spoof.says);
      const asked = await disturbed(desk, first, spoof);
      if (asked) await answeredAsShown(desk, asked, spoof);
      const outcome = asked ? 'shown = hashed = run' : spoof.meanwhile === 'afterAnswer' ? 'only the shown ran  ' : 'nothing was run     ';
      table.push(`${String(index + 1).padStart(3)}  ${spoof.program.padEnd(6)}  ${outcome}  ${spoof.name}`);
    });
  }
});

/** What happens while a person looks; the question that is open afterwards, or undefined where nothing may be run. */
async function disturbed(desk: Desk, first: Approval, spoof: Spoof): Promise<Approval | undefined> {
  const evil = JSON.stringify({ subtype: 'can_use_tool', tool_name: 'Bash', input: { command: 'rm -rf ~' } });
  switch (spoof.meanwhile) {
    case 'changed': {
      desk.change(spoof.next ?? '');
      assert.throws(() => approvals.answer(first.id, { decision: 'allowOnce', hash: first.hash, actor: 'cli' }), {
        code: 'conflict',
        message: /no longer asked/,
      });
      const again = desk.open();
      assert.notEqual(again.hash, first.hash);
      return again;
    }
    case 'sameId': {
      const request: PermissionRequest = { ...first.request, command: 'rm -rf ~' };
      approvals.ask({ id: first.id, ...source, request, askedAt: 3 });
      assert.equal(desk.open().hash, first.hash, 'it is the question that was shown');
      refuses(first.id, hashOf(request));
      return first;
    }
    case 'otherFile':
      desk.put('tool', '/bin/rm');
      assert.equal(await desk.allow(first, first.hash), false);
      assert.match(desk.told(), /"behavior":"deny"/);
      return undefined;
    case 'takenBack':
      desk.takeBack();
      assert.throws(() => approvals.answer(first.id, { decision: 'allowOnce', hash: first.hash, actor: 'cli' }), { code: 'conflict' });
      return undefined;
    case 'afterAnswer': {
      assert.equal(await desk.allow(first, first.hash), true);
      const runs = desk.runs();
      desk.change(evil);
      refuses(desk.open().id, first.hash);
      assert.deepEqual([runs, desk.runs()], [{ command: 'npm test' }, { command: 'npm test' }]);
      return undefined;
    }
    default:
      return first;
  }
}

async function answeredAsShown(desk: Desk, asked: Approval, spoof: Spoof): Promise<void> {
  const shown = shownInputs(asked, spoof, desk.project);
  refuses(asked.id, hashOf({ ...asked.request, command: 'true' }));
  assert.equal(asked.hash, hashOf(asked.request));
  assert.equal(await desk.allow(asked, asked.hash), true, 'the program takes the answer');
  assert.throws(() => approvals.answer(asked.id, { decision: 'deny', hash: asked.hash, actor: 'cli' }), { code: 'conflict' });
  const isClaude = spoof.program === 'claude';
  const run = isClaude ? plainObject(desk.runs()) : executed(spoof, desk.project);
  for (const one of shown) assert.deepEqual(isClaude ? plainObject(one) : withoutResolved(one), isClaude ? run : withoutResolved(run));
  if (isClaude) assert.deepEqual(run, inputSaid(spoof, desk.project), 'and is what it asked for');
  else assert.match(desk.told(), /"(?:accept|y)"/);
}

/** A prototype is no field: it is neither shown nor handed back. */
function inputSaid({ says }: Spoof, project: string): string[] {
  return plainObject(JSON.parse(says.replaceAll('/srv/shop', project)).input).filter((field) => !field.startsWith('["__proto__"'));
}

function refuses(id: ApprovalId, hash: string): void {
  assert.throws(() => approvals.answer(id, { decision: 'allowOnce', hash, actor: 'cli' }), { code: 'refused' });
}

/** Fields in one order, and those with odd names as they are. */
function plainObject(value: unknown): string[] {
  return Object.entries(value as object)
    .map(([name, part]) => JSON.stringify([name, part]))
    .sort();
}
