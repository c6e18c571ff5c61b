/**
 * What is to be shown of the turn that runs one prompt, from the session's snapshot and the changes after it. Nothing
 * comes out twice, however often the snapshot is taken again; what it gives is made printable.
 */
import type { Failure, TurnEndReason } from '../protocol/agent-event.ts';
import type { ItemId, PromptId, TurnId } from '../protocol/ids.ts';
import type { NotificationParams } from '../protocol/notifications.ts';
import type { Item, SessionChange, SessionSnapshot } from '../protocol/session.ts';
import { FeedPlace } from './feed-place.ts';
import { oneLine, printable, settledLength } from './printable.ts';
import { toolTitle, turnEndText } from './transcript.ts';

type Of<K extends Item['kind']> = Extract<Item, { kind: K }>;
type Text = Extract<Item, { kind: 'text' | 'thinking' }>;
export type Question = Of<'permission'>;

export type PromptPart =
  | { readonly type: 'answer'; readonly text: string }
  | { readonly type: 'note'; readonly text: string }
  | { readonly type: 'asked'; readonly question: Question }
  | { readonly type: 'answered'; readonly question: Question }
  /** Something is missing: take a new snapshot. */
  | { readonly type: 'gap' }
  | { readonly type: 'ended'; readonly reason: TurnEndReason | 'dropped'; readonly failure: Failure | null; readonly text: string };

export class PromptStream {
  readonly #promptId: PromptId;
  readonly #items = new Map<ItemId, Item>();
  readonly #shownChars = new Map<ItemId, number>();
  readonly #shownNotes = new Set<string>();
  readonly #questions = new Map<ItemId, Question['state']>();
  readonly #place = new FeedPlace();
  #turnId: TurnId | undefined;
  #lastBlock: ItemId | undefined;
  #lastChars = '';
  #ended = false;

  constructor(promptId: PromptId) {
    this.#promptId = promptId;
  }

  /** Whether a turn runs the prompt, or ran it. */
  get started(): boolean {
    return this.#turnId !== undefined;
  }

  get turnId(): TurnId | undefined {
    return this.#turnId;
  }

  /** What the turn has brought so far, in order. */
  turnItems(): Item[] {
    const items = [...this.#items.values()].filter((item) => item.turnId !== null && item.turnId === this.#turnId);
    return items.sort((a, b) => a.ordinal - b.ordinal);
  }

  snapshot({ items, ...place }: Pick<SessionSnapshot, 'feed' | 'seq' | 'items'>): PromptPart[] {
    this.#place.begin(place);
    return items.toSorted((a, b) => a.ordinal - b.ordinal).flatMap((item) => this.#put(item));
  }

  changed({ changes, ...place }: Pick<NotificationParams<'session/changed'>, 'feed' | 'seq' | 'changes'>): PromptPart[] {
    const step = this.#place.step(place);
    if (step !== 'next') return step === 'gap' ? [{ type: 'gap' }] : [];
    return changes.flatMap((change) => this.#apply(change));
  }

  #apply(change: SessionChange): PromptPart[] {
    if (change.op === 'session') return [];
    if (change.op === 'put') return this.#put(change.item);
    const item = this.#items.get(change.itemId);
    if (item?.kind !== 'text' && item?.kind !== 'thinking') return [];
    if (change.offset > item.text.length) return this.#gap();
    return this.#put({ ...item, text: item.text + change.text.slice(item.text.length - change.offset) });
  }

  #gap(): PromptPart[] {
    this.#place.lose();
    return [{ type: 'gap' }];
  }

  #put(item: Item): PromptPart[] {
    this.#items.set(item.id, item);
    if (item.kind === 'prompt' && item.promptId === this.#promptId) return this.#putPrompt(item);
    return item.turnId !== null && item.turnId === this.#turnId ? this.#show(item) : [];
  }

  /**
   * Once the turn is known, what came of it before is shown too. A prompt that waits may carry the turn that it came
   * in the middle of, and that is not the one that runs it.
   */
  #putPrompt(item: Of<'prompt'>): PromptPart[] {
    if (item.state === 'dropped') {
      return this.#end('dropped', null, 'The prompt was taken back before a turn ran it.');
    }
    if (item.state === 'queued' || item.turnId === null || item.turnId === this.#turnId) return [];
    this.#turnId = item.turnId;
    return this.turnItems().flatMap((earlier) => this.#show(earlier));
  }

  #show(item: Item): PromptPart[] {
    switch (item.kind) {
      case 'text':
        return this.#showText(item);
      case 'tool':
        return this.#showTool(item);
      case 'permission':
        return this.#showQuestion(item);
      case 'plan':
        return this.#note(`plan:${item.id}:${planText(item)}`, planText(item));
      case 'notice':
        return this.#note(item.id, `${item.level}: ${oneLine(item.text, 1000)}`);
      case 'turnEnd':
        return this.#end(item.reason, item.failure, turnEndText(item));
      default:
        return [];
    }
  }

  /** Of a text that still grows, what may be the start of an escape sequence waits for the rest. */
  #showText(item: Text): PromptPart[] {
    const from = this.#shownChars.get(item.id) ?? 0;
    const fresh = item.text.slice(from);
    const settled = item.complete ? fresh : fresh.slice(0, settledLength(fresh));
    if (settled === '') return [];
    this.#shownChars.set(item.id, from + settled.length);
    const text = this.#separator(item.id) + printable(settled);
    this.#lastChars = (this.#lastChars + text).slice(-2);
    return [{ type: 'answer', text }];
  }

  /** An empty line between two blocks of text. */
  #separator(itemId: ItemId): string {
    const isFollowing = this.#lastBlock !== undefined && this.#lastBlock !== itemId;
    this.#lastBlock = itemId;
    if (!isFollowing || this.#lastChars.endsWith('\n\n')) return '';
    return this.#lastChars.endsWith('\n') ? '\n' : '\n\n';
  }

  #showTool(item: Of<'tool'>): PromptPart[] {
    const started = this.#note(`${item.id}:started`, `* ${toolTitle(item)}`);
    if (item.status === 'pending' || item.status === 'running' || item.status === 'ok') return started;
    return [...started, ...this.#note(`${item.id}:${item.status}`, `* ${toolTitle(item)}: ${item.status}`)];
  }

  #showQuestion(item: Question): PromptPart[] {
    const before = this.#questions.get(item.id);
    if (before === item.state) return [];
    this.#questions.set(item.id, item.state);
    if (item.state === 'open') return [{ type: 'asked', question: item }];
    return [{ type: 'answered', question: item }];
  }

  #note(key: string, text: string): PromptPart[] {
    if (this.#shownNotes.has(key)) return [];
    this.#shownNotes.add(key);
    return [{ type: 'note', text }];
  }

  /** The answer ends with a line's end, once. */
  #end(reason: TurnEndReason | 'dropped', failure: Failure | null, text: string): PromptPart[] {
    if (this.#ended) return [];
    this.#ended = true;
    const newline: PromptPart[] = this.#lastChars === '' || this.#lastChars.endsWith('\n') ? [] : [{ type: 'answer', text: '\n' }];
    return [...newline, { type: 'ended', reason, failure, text }];
  }
}

function planText({ entries }: Of<'plan'>): string {
  const done = entries.filter(({ status }) => status === 'done').length;
  const current = entries.find(({ status }) => status === 'running');
  return `plan: ${done} of ${entries.length} done${current ? `, now: ${oneLine(current.text)}` : ''}`;
}
