/**
 * What happens in one run of Claude Code, line by line: from what the program says to what everyone else is told.
 * Holds no process and no clock, so that a recorded run can be replayed.
 */
import type { AgentEvent, Decision, Usage } from '../../../protocol/agent-event.ts';
import type { ApprovalId, PromptId, TurnId } from '../../../protocol/ids.ts';
import { toolServerName } from '../../adapter.ts';
import { isTooLargeToShow, tooLargeDenial, tooLargeNotice } from '../shown-whole.ts';
import type { AssistantLine, CanUseTool, Line, ResultLine, SystemLine, UserLine } from './lines.ts';
import { denialOf, type PermissionAnswer, Permissions, permissionRequestOf } from './permissions.ts';
import { retryEventOf, turnEndOf } from './results.ts';
import { TextBlocks } from './text-blocks.ts';
import { ToolCalls } from './tool-calls.ts';
import type { ToolSurroundings } from './tools.ts';
import { Turns } from './turns.ts';
import { SessionUsage } from './usage.ts';

type ConversationDeps = {
  readonly newId: <Id extends string>() => Id;
  readonly around: ToolSurroundings;
  /** The session's totals as they were last told, when it is an earlier one. */
  readonly knownUsage: Usage | null;
};

/** The name under which the program speaks itself, instead of a model. */
const syntheticModel = '<synthetic>';
const missingTools = 'The agent’s own tools for mail and tasks did not start; it still has the commands btmsg and bttask.';

export class Conversation {
  readonly #around: ToolSurroundings;
  readonly #turns: Turns;
  readonly #blocks: TextBlocks;
  readonly #tools: ToolCalls;
  readonly #permissions: Permissions;
  readonly #usage: SessionUsage;
  #interrupting = false;
  #errorCode: string | null = null;
  #hasFailedLast = false;
  #hasToldOfTools = false;

  constructor({ newId, around, knownUsage }: ConversationDeps) {
    this.#around = around;
    this.#turns = new Turns({ newId });
    this.#blocks = new TextBlocks({ newId });
    this.#tools = new ToolCalls({ newId, around });
    this.#permissions = new Permissions({ newId });
    this.#usage = new SessionUsage(knownUsage);
  }

  get hasOpenTurn(): boolean {
    return this.#turns.isOpen;
  }

  /** After a failed turn the program exits with a code of its own, which is no crash. */
  get hasFailedLast(): boolean {
    return this.#hasFailedLast;
  }

  prompted(promptId: PromptId, joins?: TurnId): AgentEvent[] {
    // An interrupt that came too late for the turn before must not colour this one.
    if (!this.#turns.isOpen) this.#interrupting = false;
    return this.#turns.prompted(promptId, joins);
  }

  interrupting(): void {
    this.#interrupting = true;
  }

  said(line: Exclude<Line, { type: 'control_request' | 'control_response' }>): AgentEvent[] {
    switch (line.type) {
      case 'stream_event':
        // A subagent's own words are not part of the conversation; what it does shows as its tool calls.
        return line.parent_tool_use_id == null ? this.#streamed(line) : [];
      case 'assistant':
        return this.#answered(line);
      case 'user':
        return this.#toolResults(line);
      case 'result':
        return this.#resulted(line);
      case 'system':
        return this.#systemSaid(line);
      case 'command_lifecycle':
        return this.#promptMoved(line);
      case 'control_cancel_request':
        return this.#permissions.withdrawn(line.request_id, 'The agent no longer waits for an answer.');
    }
  }

  /** With a denial for the program when nobody can be shown what it asks. */
  asked(requestId: string, asked: CanUseTool): { readonly events: AgentEvent[]; readonly denial: PermissionAnswer | null } {
    const request = permissionRequestOf(asked, this.#around);
    if (isTooLargeToShow(request)) return { events: [tooLargeNotice(request)], denial: denialOf(requestId, tooLargeDenial) };
    const shown = { toolItemId: this.#tools.itemIdOf(asked.tool_use_id), request };
    return { events: [this.#permissions.asked(requestId, asked, shown)], denial: null };
  }

  permissionAnswered(approvalId: ApprovalId, decision: Decision, message: string | null): PermissionAnswer | null {
    return this.#permissions.answered(approvalId, decision, message);
  }

  /** The program is gone: what is open ends now. */
  programEnded(reason: 'crashed' | 'interrupted'): AgentEvent[] {
    const turns = this.#turns.endAll({ reason, failure: null });
    const blocks = this.#blocks.endAll();
    // Text that is open when its turn crashes is shown as cut, which one that had ended would not be.
    const isCut = reason === 'crashed' && turns.length > 0;
    return [...(isCut ? [] : blocks), ...this.#permissions.withdrawAll('The agent’s program ended.'), ...this.#tools.endAll(), ...turns];
  }

  #streamed({ event, abandoned_blocks }: Extract<Line, { type: 'stream_event' }>): AgentEvent[] {
    switch (event.type) {
      case 'message_start':
        return this.#blocks.messageStarted(event.message.id);
      case 'content_block_start': {
        const { type, id, name } = event.content_block;
        return type === 'tool_use' && id !== undefined && name !== undefined ? this.#tools.announced(id, name) : [];
      }
      case 'content_block_delta': {
        if (event.delta.text !== undefined) return this.#blocks.streamed(event.index, 'text', event.delta.text);
        return event.delta.thinking === undefined ? [] : this.#blocks.streamed(event.index, 'thinking', event.delta.thinking);
      }
      case 'message_stop':
        return abandoned_blocks ? this.#abandoned() : [];
    }
  }

  /** What was said cannot be unsaid; the person is told that it begins again. */
  #abandoned(): AgentEvent[] {
    const ended = [...this.#blocks.endAll(), ...this.#tools.endAnnounced()];
    if (ended.length === 0) return [];
    return [...ended, { type: 'notice', level: 'warning', text: 'The connection to the model broke; the answer begins again below.' }];
  }

  #answered(line: AssistantLine): AgentEvent[] {
    const parent = line.parent_tool_use_id ?? null;
    const { id, model, usage, content } = line.message;
    if (line.error !== undefined || line.is_api_error_message) return this.#errorSaid(line);
    const told = parent === null && model !== syntheticModel ? this.#usage.answered(model, usage) : null;
    const events: AgentEvent[] = told ? [{ type: 'usage', usage: told }] : [];
    const blocks = content.flatMap((block): AgentEvent[] => {
      if (block.type === 'tool_use' && block.id !== undefined && block.name !== undefined) {
        return this.#tools.started({ id: block.id, name: block.name, input: block.input, parent });
      }
      if (parent !== null) return [];
      if (block.type === 'text') return this.#blocks.completed(id, 'text', block.text ?? '');
      return block.type === 'thinking' ? this.#blocks.completed(id, 'thinking', block.thinking ?? '') : [];
    });
    return [...events, ...blocks];
  }

  /** The turn's failure says what it means; the program's own words say the rest. */
  #errorSaid(line: AssistantLine): AgentEvent[] {
    if (line.parent_tool_use_id == null) this.#errorCode = line.error ?? null;
    const text = line.message.content.map((block) => block.text ?? '').join('');
    return text === '' ? [] : [{ type: 'notice', level: 'error', text }];
  }

  #toolResults(line: UserLine): AgentEvent[] {
    const { content } = line.message;
    if (typeof content === 'string') return [];
    return content.flatMap((block) => {
      const id = block.tool_use_id;
      if (block.type !== 'tool_result' || id === undefined) return [];
      return this.#tools.ended({
        id,
        content: block.content,
        isError: block.is_error ?? false,
        meta: line.tool_result_meta?.find((meta) => meta.id === id),
        originalFile: line.tool_use_result?.originalFile,
        interrupting: this.#interrupting,
      });
    });
  }

  #resulted(line: ResultLine): AgentEvent[] {
    const usage = this.#usage.resulted(line);
    const events: AgentEvent[] = usage ? [{ type: 'usage', usage }] : [];
    const uuids = line.user_message_uuids ?? [];
    const isOwn = line.origin !== undefined && line.origin.kind !== 'human';
    if (!this.#turns.endsOpenTurn(uuids, isOwn)) return events;
    const end = turnEndOf(line, { errorCode: this.#errorCode, interrupting: this.#interrupting });
    this.#hasFailedLast = line.is_error ?? false;
    this.#errorCode = null;
    this.#interrupting = false;
    return [...this.#blocks.endAll(), ...this.#tools.endForeground(), ...events, ...this.#turns.ended(end, uuids)];
  }

  #systemSaid(line: SystemLine): AgentEvent[] {
    switch (line.subtype) {
      case 'init':
        return [...this.#tellMissingTools(line), ...this.#turns.began(null)];
      case 'hook_response':
        return [];
      case 'api_retry':
        return [retryEventOf(line)];
      case 'compact_boundary':
        return this.#compacted(line);
      case 'notification': {
        const text = line.text ?? line.message;
        // Which hook failed is told as `hookFailed`; this names only a key of a terminal that nobody has.
        return text && line.key !== 'stop-hook-error'
          ? [{ type: 'notice', level: line.priority === 'immediate' ? 'warning' : 'info', text }]
          : [];
      }
      case 'task_started':
        if (line.is_backgrounded && line.tool_use_id !== undefined) this.#tools.wentToBackground(line.tool_use_id);
        return [];
      case 'task_progress':
        return line.tool_use_id && line.description ? this.#tools.progressed(line.tool_use_id, line.description) : [];
      case 'task_notification':
        if (line.tool_use_id === undefined) return [];
        return this.#tools.backgroundEnded(line.tool_use_id, { status: line.status ?? '', summary: line.summary ?? '' });
    }
  }

  /** Each turn names the servers; once is enough. */
  #tellMissingTools({ mcp_servers = [] }: Extract<SystemLine, { subtype: 'init' }>): AgentEvent[] {
    const isMissing = mcp_servers.some(({ name, status }) => name === toolServerName && status === 'failed');
    if (!isMissing || this.#hasToldOfTools) return [];
    this.#hasToldOfTools = true;
    return [{ type: 'notice', level: 'warning', text: missingTools }];
  }

  #compacted(line: Extract<SystemLine, { subtype: 'compact_boundary' }>): AgentEvent[] {
    const { pre_tokens: before, post_tokens: after } = line.compact_metadata ?? {};
    const usage = this.#usage.compacted(after ?? null);
    const sizes = before === undefined || after === undefined ? '' : `: ${before} tokens before, ${after} after`;
    const notice: AgentEvent = { type: 'notice', level: 'info', text: `The conversation was summarized to free its context${sizes}.` };
    return usage ? [notice, { type: 'usage', usage }] : [notice];
  }

  #promptMoved({ command_uuid, state }: Extract<Line, { type: 'command_lifecycle' }>): AgentEvent[] {
    if (state === 'started') return this.#turns.began(command_uuid);
    if (state !== 'completed' && state !== 'cancelled') return [];
    // The result comes first and has ended the turn; this is for the case that it was lost (a line over the limit).
    const ended = this.#turns.finished(command_uuid, { reason: state === 'completed' ? 'completed' : 'interrupted', failure: null });
    return ended.length === 0 ? [] : [...this.#blocks.endAll(), ...this.#tools.endForeground(), ...ended];
  }
}
