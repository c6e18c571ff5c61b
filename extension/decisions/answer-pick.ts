/** "Answer Approvals": a quick pick that goes through the open questions, first in first out, each shown whole beside it. */
import { l10n, type QuickInputButton, type QuickPick, type QuickPickItem, QuickPickItemKind, ThemeIcon, type Uri, window } from 'vscode';
import type { Decision } from '../../server/protocol/agent-event.ts';
import type { Approval } from '../../server/protocol/approval.ts';
import type { RuleEffect } from '../../server/protocol/rule.ts';
import type { Backend } from '../backend/backend.ts';
import type { Fleet } from '../fleet/fleet.ts';
import { type AnswerRow, answerRows, linesBehind, linesBehindItems, nextQuestion } from './answer-rows.ts';
import { giveAnswer, giveValues, tooSoonText } from './decision-answers.ts';
import { answerBatch } from './decision-batch.ts';
import { addRule } from './decision-rule.ts';
import { askerOf, inOrder, keyOf, ofTheSameKind } from './decision-words.ts';
import { QuestionGrace } from './question-grace.ts';
import type { WholeQuestions } from './whole-questions.ts';

export type AnswerPickDeps = {
  readonly backend: Backend;
  readonly fleet: Fleet;
  readonly questions: WholeQuestions;
  readonly onFailure: (error: unknown) => void;
};

type Item = QuickPickItem & { readonly row: AnswerRow };
type Open = {
  readonly pick: QuickPick<Item>;
  /** Only its questions are gone through. */
  readonly agentId: string | undefined;
  readonly grace: QuestionGrace;
  queue: readonly Approval[];
  current: Approval | undefined;
  rows: readonly AnswerRow[];
};

const toldForMs = 4_000;
const always: QuickInputButton = { iconPath: new ThemeIcon('verified'), tooltip: l10n.t('Always Allow…') };
const never: QuickInputButton = { iconPath: new ThemeIcon('circle-slash'), tooltip: l10n.t('Never Allow…') };
const whole: QuickInputButton = { iconPath: new ThemeIcon('go-to-file'), tooltip: l10n.t('Show It Whole') };

export class AnswerPick {
  readonly #deps: AnswerPickDeps;
  /** Answered here: the notification that says so may come later. */
  readonly #settled = new Set<string>();
  #open: Open | undefined;
  /** Its answer is on its way. */
  #answering: Approval | undefined;
  /** Another list has taken the place of this one, which comes back. */
  #isAside = false;
  #document: Uri | undefined;
  #following: { dispose(): void } | undefined;
  /** Counts what was to be shown beside the list. */
  #turn = 0;

  constructor(deps: AnswerPickDeps) {
    this.#deps = deps;
  }

  /** What is shown now, for tests. */
  get rows(): readonly AnswerRow[] {
    return this.#open?.rows ?? [];
  }

  /** Whether the question that is shown would take an answer now, for tests. */
  get isReady(): boolean {
    const open = this.#open;
    return open?.current !== undefined && !open.pick.busy && !open.grace.isTooSoon(keyOf(open.current));
  }

  /** `first`: the question to begin with. */
  show(agentId: string | undefined, first?: string): void {
    this.#open?.pick.hide();
    const pick = window.createQuickPick<Item>();
    const grace = new QuestionGrace(() => performance.now());
    const open: Open = { pick, agentId, grace, queue: [], current: this.#deps.fleet.approval(first ?? ''), rows: [] };
    this.#open = open;
    pick.placeholder = usualPlaceholder();
    pick.matchOnDescription = true;
    pick.matchOnDetail = true;
    // Whoever looks into the document, or at the window that the agent works in, comes back to the question.
    pick.ignoreFocusOut = true;
    pick.onDidAccept(() => this.#accept(open, pick.activeItems[0]?.row));
    pick.onDidTriggerItemButton(({ item: { row }, button }) => row.kind === 'question' && this.#press(open, row.id, button));
    pick.onDidHide(() => this.#close(open));
    this.#following?.dispose();
    this.#following = this.#deps.fleet.onDidChange(() => this.#draw(open));
    this.#draw(open);
    if (this.#open === open) pick.show();
  }

  #draw(open: Open): void {
    if (this.#open !== open) return;
    const { fleet } = this.#deps;
    const queue = inOrder(fleet.state.approvals).filter(
      (approval) => !this.#settled.has(keyOf(approval)) && (!open.agentId || approval.agentId === open.agentId),
    );
    const gone = this.#goneText(open, queue);
    const current = nextQuestion(open.queue, open.current?.id, queue);
    if (!current) return this.#end(open, gone);
    const isAnother = !isSame(open.current, current) || open.rows.length === 0;
    open.queue = queue;
    open.current = current;
    if (isAnother) open.grace.hidden();
    this.#drawn(open);
    const rows = answerRows({ fleet: fleet.state, queue, current, nowMs: Date.now() }, l10n.t);
    if (JSON.stringify(rows) === JSON.stringify(open.rows)) return;
    this.#fill(open, rows, isAnother);
    this.#say(open, gone);
    if (isAnother) this.#showWhole(current, 'leave', () => isSame(open.current, current) && this.#shownWhole(open));
  }

  /** Its grace begins anew: before that, nobody can have read it. */
  #shownWhole(open: Open): void {
    open.grace.hidden();
    this.#drawn(open);
  }

  #drawn({ grace, queue, current }: Open): void {
    if (current) grace.drawn([current, ...queue.filter(({ id }) => id !== current.id)].map(keyOf));
  }

  /** The answer that was chosen stays so while others come and go, unless it would be to another question. */
  #fill(open: Open, rows: readonly AnswerRow[], isAnother: boolean): void {
    const { pick } = open;
    const chosen = pick.activeItems[0]?.row.label;
    const items = rows.map(itemOf);
    open.rows = rows;
    pick.title = open.queue.length === 1 ? l10n.t('Answer Approvals') : l10n.t('Answer Approvals: {0} Wait', open.queue.length);
    pick.keepScrollPosition = !isAnother;
    if (isAnother) pick.value = '';
    pick.items = items;
    const first = items.find(({ row }) => row.kind === 'answer');
    const same = isAnother ? undefined : items.find(({ row }) => row.kind !== 'separator' && row.label === chosen);
    pick.activeItems = [same ?? first].flatMap((item) => item ?? []);
  }

  #accept(open: Open, row: AnswerRow | undefined): void {
    const { current } = open;
    // VS Code may tell of a choice among rows that were drawn anew meanwhile; it takes the next one only when they are drawn again.
    if (!row || !current || open.pick.busy) return this.#fill(open, open.rows, false);
    if (row.kind === 'question') return row.id === current.id ? this.#read(open, current) : this.#turnTo(open, row.id);
    if (open.grace.isTooSoon(keyOf(current))) return this.#say(open, tooSoonText());
    if (row.kind === 'answer') void this.#answer(open, current, row.decision).catch(this.#deps.onFailure);
    if (row.kind === 'fill') this.#stepAside(open, () => giveValues(this.#deps.backend, current, current.request));
    if (row.kind === 'rule') this.#addRule(open, current, row.effect);
    if (row.kind === 'batch') this.#answerAll(open, current);
  }

  #press(open: Open, id: string, button: QuickInputButton): void {
    const approval = open.queue.find((one) => one.id === id);
    if (!approval || open.pick.busy) return;
    if (button === whole) return this.#turnTo(open, id);
    if (open.grace.isTooSoon(keyOf(approval))) return this.#say(open, tooSoonText());
    this.#addRule(open, approval, button === always ? 'always' : 'never');
  }

  async #answer(open: Open, question: Approval, decision: Decision): Promise<void> {
    this.#answering = question;
    open.pick.busy = true;
    try {
      const refusal = await giveAnswer(this.#deps.backend, question, decision);
      if (refusal === undefined) this.#settled.add(keyOf(question));
      this.#say(open, refusal ?? usualPlaceholder());
    } finally {
      this.#answering = undefined;
      open.pick.busy = false;
    }
    this.#draw(open);
  }

  #addRule(open: Open, approval: Approval, effect: RuleEffect): void {
    const asker = askerOf(this.#deps.fleet.state, approval, l10n.t);
    this.#stepAside(open, () => addRule(this.#deps.backend, { shown: approval, approval, asker, effect }));
  }

  #answerAll(open: Open, approval: Approval): void {
    const { fleet, questions, backend } = this.#deps;
    const approvals = ofTheSameKind(fleet.state.approvals, approval);
    this.#stepAside(open, async () => {
      this.#closeDocument();
      this.#document = await questions.show(approvals, { linesAbove: linesBehindItems(approvals.length), keyboard: 'leave' });
      return answerBatch(backend, { approvals, askerOf: (one) => askerOf(fleet.state, one, l10n.t) });
    });
  }

  /** Another list takes the place of this one, which comes back when there is still something to answer. */
  #stepAside(open: Open, step: () => Promise<string | undefined>): void {
    const { agentId, current } = open;
    this.#isAside = true;
    open.pick.hide();
    const again = async () => {
      const refusal = await step().finally(() => {
        this.#isAside = false;
      });
      this.show(agentId, current?.id);
      if (this.#open) this.#say(this.#open, refusal);
    };
    again().catch(this.#deps.onFailure);
  }

  #turnTo(open: Open, id: string): void {
    open.current = open.queue.find((approval) => approval.id === id);
    open.rows = [];
    this.#draw(open);
  }

  /** With the keyboard in the document, and out of the list. */
  #read(open: Open, approval: Approval): void {
    this.#document = undefined;
    open.pick.hide();
    this.#showWhole(approval, 'take', () => undefined);
  }

  /** Only the last one that was asked for is kept; nothing waits for the one before it, or for a tab that closes. */
  #showWhole(approval: Approval, keyboard: 'take' | 'leave', shown: () => unknown): void {
    const linesAbove = keyboard === 'take' ? 0 : linesBehind(this.rows);
    this.#turn += 1;
    const turn = this.#turn;
    const show = async () => {
      const document = await this.#deps.questions.show([approval], { linesAbove, keyboard });
      if (keyboard === 'take') return;
      if (turn !== this.#turn) return this.#closeTab(document);
      this.#closeTab(this.#document);
      this.#document = document;
      shown();
    };
    show().catch(this.#deps.onFailure);
  }

  #closeDocument(): void {
    this.#turn += 1;
    this.#closeTab(this.#document);
    this.#document = undefined;
  }

  #closeTab(document: Uri | undefined): void {
    if (document) this.#deps.questions.close(document).catch(this.#deps.onFailure);
  }

  /** The question that was shown is not there any more, and not because it was answered here. */
  #goneText({ current, rows }: Open, queue: readonly Approval[]): string | undefined {
    if (!current || rows.length === 0 || queue.some(({ id }) => id === current.id)) return undefined;
    if (this.#settled.has(keyOf(current)) || this.#answering?.id === current.id) return undefined;
    return l10n.t('The question before was answered elsewhere or withdrawn.');
  }

  #end(open: Open, gone: string | undefined): void {
    this.#close(open);
    void window.setStatusBarMessage(gone ?? l10n.t('Nothing waits for your answer.'), toldForMs);
  }

  /** In the place that moves nothing. */
  #say(open: Open, sentence: string | undefined): void {
    if (sentence === undefined) return;
    open.pick.placeholder = sentence;
    // VS Code takes no second click on a row that is still the chosen one.
    this.#fill(open, open.rows, false);
  }

  #close(open: Open): void {
    open.pick.dispose();
    if (this.#open !== open) return;
    this.#following?.dispose();
    this.#open = undefined;
    if (!this.#isAside) this.#closeDocument();
  }
}

/** Told of again, it is another object. */
function isSame(one: Approval | undefined, other: Approval): boolean {
  return one !== undefined && keyOf(one) === keyOf(other);
}

function usualPlaceholder(): string {
  return l10n.t('Choose an answer; the next question follows');
}

function itemOf(row: AnswerRow): Item {
  if (row.kind === 'separator') return { row, label: row.label, kind: QuickPickItemKind.Separator };
  if (row.kind === 'question')
    return { row, label: row.label, description: row.description, detail: row.detail, buttons: [always, never, whole] };
  return row.detail === '' ? { row, label: row.label } : { row, label: row.label, detail: row.detail };
}
