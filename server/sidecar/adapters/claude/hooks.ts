/**
 * Claude Code's hooks, called over its own input and output: no port, no program, no file of settings. They observe; only
 * the end of a turn may be held up. Each call is answered before anything else is done, from memory.
 */
import { type HookName, hookNames, type ProgramHooks, type StopBlock } from '../../adapter.ts';
import type { HookCallback, HookResponse, Line } from './lines.ts';

type HooksDeps = {
  readonly hooks: ProgramHooks;
  /** What the person's settings run at that event. */
  readonly commandsFor: (hook: string) => readonly string[];
};

/** For a sidecar that does not come to read: after that the program goes on without an answer. */
const timeoutSeconds = 2;
/** Without an answer this one would drop the prompt, so it waits for a sidecar that is held up. */
const promptTimeoutSeconds = 600;
/** By it a hook refuses something, as it is meant to: no failure. */
const refusingExitCode = 2;
const stopFeedback = 'Stop hook feedback:';

/**
 * For the `initialize` request; measured with 2.1.329. All ten are called back, but the first `SessionStart` of a
 * program comes before it takes this request, and the last `SessionEnd` after its input has ended: those two are told
 * by whoever starts the program and sees it end.
 */
export function hookRegistration(): Record<string, unknown> {
  return Object.fromEntries(
    hookNames.map((name) => {
      const timeout = name === 'UserPromptSubmit' ? promptTimeoutSeconds : timeoutSeconds;
      return [name, [{ hookCallbackIds: [name], timeout }]];
    }),
  );
}

export class Hooks {
  readonly #deps: HooksDeps;
  /** The program runs some of its own, which it announces by no `SubagentStart`. */
  readonly #subagents = new Set<string>();
  #block: { readonly requestId: string; readonly reason: string } | null = null;

  constructor(deps: HooksDeps) {
    this.#deps = deps;
  }

  /** Returns the answer; never throws, whatever is wrong on our side. */
  called(requestId: string, { callback_id, input }: HookCallback): Record<string, unknown> {
    const hook = hookNames.find((name) => name === callback_id);
    if (!hook || !this.#isOurs(hook, input)) return {};
    const answer = hook === 'Stop' ? this.#stopped(input) : null;
    if (answer) this.#block = { requestId, reason: answer.block };
    this.observed(hook, input, answer);
    return answer ? { decision: 'block', reason: answer.block } : {};
  }

  observed(hook: HookName, input: Record<string, unknown>, answer: StopBlock | null = null): void {
    this.#guarded(hook, () => this.#deps.hooks.observed(hook, input, answer));
  }

  /** What shows that a block was taken up, or that it came too late; and which of the person's hooks failed. */
  heard(line: Line): void {
    if (line.type === 'system' && line.subtype === 'hook_response') this.#responded(line);
    if (!this.#block) return;
    if (line.type === 'control_cancel_request' && line.request_id === this.#block.requestId) this.#block = null;
    else if (line.type === 'result') this.#block = null;
    else if (this.#showsBlock(line, this.#block.reason)) this.#blockTaken();
  }

  /** A turn that goes on because of a hook is not held up again by ours. */
  #stopped(input: Record<string, unknown>): StopBlock | null {
    const isRepeat = input.stop_hook_active === true;
    const answer = this.#guarded('Stop', () => this.#deps.hooks.stop({ isRepeat })) ?? null;
    return isRepeat ? null : answer;
  }

  #isOurs(hook: HookName, { agent_id: id }: Record<string, unknown>): boolean {
    if (typeof id !== 'string') return true;
    if (hook === 'SubagentStart') this.#subagents.add(id);
    return hook !== 'SubagentStop' || this.#subagents.delete(id);
  }

  #showsBlock(line: Line, reason: string): boolean {
    if (line.type === 'stream_event') return line.event.type === 'message_start' && line.parent_tool_use_id == null;
    if (line.type !== 'user' || !line.isSynthetic || typeof line.message.content === 'string') return false;
    return line.message.content.some(({ text = '' }) => text.startsWith(stopFeedback) && text.includes(reason));
  }

  #blockTaken(): void {
    this.#block = null;
    this.#guarded('Stop', () => this.#deps.hooks.blockTaken?.());
  }

  #responded({ hook_event, outcome, exit_code, stderr = '' }: HookResponse): void {
    const isFailure = outcome === 'error' || outcome === 'cancelled';
    if (!isFailure || exit_code === refusingExitCode) return;
    const how = outcome === 'cancelled' ? 'out of time, or stopped' : `exit ${exit_code ?? 'without a code'}`;
    const commands = this.#deps.commandsFor(hook_event);
    const which = commands.length > 1 ? `one of ${commands.join(' | ')}` : commands[0];
    const told = [which, stderr.trim()].filter((part) => part !== undefined && part !== '');
    this.#deps.hooks.failed(hook_event, [how, ...told].join(': '));
  }

  #guarded<T>(hook: HookName, work: () => T): T | undefined {
    try {
      return work();
    } catch (error) {
      this.#deps.hooks.failed(hook, `the callback failed: ${error instanceof Error ? error.message : String(error)}`);
      return undefined;
    }
  }
}
