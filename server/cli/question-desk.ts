/**
 * The permission questions of a prompt that is waited for, one at a time: answered by a key where a person sits at
 * the terminal, else shown with the command that answers them.
 */
import type { Decision } from '../protocol/agent-event.ts';
import { AgorError } from '../protocol/errors.ts';
import { type ApprovalId, shortId } from '../protocol/ids.ts';
import type { Connection } from './connection.ts';
import type { PromptScreen } from './prompt-screen.ts';
import type { Question } from './prompt-stream.ts';
import { readKey } from './read-key.ts';
import { permissionText } from './transcript.ts';

type Deps = { readonly screen: PromptScreen; readonly backend: () => Promise<Connection> };
type Options = { readonly interactive: boolean };

const keyOf: Readonly<Record<Decision, string>> = { allowOnce: 'a', allowSession: 's', deny: 'd', cancel: 'c' };
const hintOf: Readonly<Record<Decision, string>> = {
  allowOnce: '[a]llow once',
  allowSession: 'allow for this [s]ession',
  deny: '[d]eny',
  cancel: '[c]ancel',
};

export class QuestionDesk {
  readonly #deps: Deps;
  readonly #options: Options;
  readonly #waiting = new Map<ApprovalId, Question>();
  #asking: { readonly id: ApprovalId; readonly abort: AbortController } | undefined;

  constructor(deps: Deps, options: Options) {
    this.#deps = deps;
    this.#options = options;
  }

  asked(question: Question): void {
    if (!this.#options.interactive) return this.#deps.screen.question(question.request, commandHint(question));
    this.#waiting.set(question.approvalId, question);
    this.#next();
  }

  /** By us or elsewhere: it needs no answer any more. */
  answered(question: Question): void {
    this.#waiting.delete(question.approvalId);
    if (this.#asking?.id === question.approvalId) this.#asking.abort.abort();
    this.#deps.screen.note(`  ${permissionText(question)}`);
  }

  close(): void {
    this.#waiting.clear();
    this.#asking?.abort.abort();
  }

  #next(): void {
    const [question] = this.#waiting.values();
    if (this.#asking || !question) return;
    this.#asking = { id: question.approvalId, abort: new AbortController() };
    void this.#ask(question, this.#asking.abort.signal).finally(() => {
      this.#waiting.delete(question.approvalId);
      this.#asking = undefined;
      this.#next();
    });
  }

  async #ask(question: Question, signal: AbortSignal): Promise<void> {
    const { form } = question.request;
    // Here one key is an answer, and values are more than that.
    const decisions = question.request.decisions.filter((decision) => !form || !decision.startsWith('allow'));
    const hint = `${decisions.map((decision) => hintOf[decision]).join(', ')}?`;
    this.#deps.screen.question(question.request, form ? `${hint} Or fill it in elsewhere: ${fillHint(question)}` : hint);
    const keys = decisions.map((decision) => keyOf[decision]);
    const key = await readKey(process.stdin, keys, signal);
    const decision = decisions.find((candidate) => keyOf[candidate] === key);
    if (decision) await this.#answer(question, decision);
  }

  /** A refusal (somebody else was faster) is told; the question's own change says how it ended. */
  async #answer({ approvalId, hash }: Question, decision: Decision): Promise<void> {
    try {
      const backend = await this.#deps.backend();
      await backend.call('approval/answer', { approval: approvalId, decision, hash });
    } catch (error) {
      this.#deps.screen.warn(error instanceof AgorError ? error.message : String(error));
    }
  }
}

function commandHint(question: Question): string {
  const id = shortId(question.approvalId);
  if (question.request.form) return `Answer with: ${fillHint(question)}, agor deny ${id}, or agor deny ${id} --cancel`;
  return `Answer with: agor approve ${id}, agor approve ${id} --session, or agor deny ${id}`;
}

function fillHint({ approvalId }: Question): string {
  return `agor approve ${shortId(approvalId)} --set <field>=<value>`;
}
