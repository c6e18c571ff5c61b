/** The whole page: what narrows the board down, its columns, the details of a task, and what is said when there is none. */
import { html, nothing, type TemplateResult } from 'lit';
import type { Task } from '../../server/protocol/task.ts';
import { baseStyles } from '../shared/base-styles.ts';
import { explanation, explanationStyles } from '../shared/explanation.ts';
import { fieldStyles } from '../shared/field-styles.ts';
import { connectionBanner, PageElement, problemBanner } from '../shared/page-element.ts';
import { pageStyles, searchStyles, toolbarStyles } from '../shared/page-styles.ts';
import type { BoardActions } from './board-actions.ts';
import type { BoardModel } from './board-model.ts';
import { boardPageStyles } from './board-page-styles.ts';
import type { PartCount } from './card.ts';
import type { AgorBoardColumns } from './columns.ts';
import type { AgorTaskDetail } from './task-detail.ts';
import { isFiltering, noFilter } from './task-filter.ts';
import { t } from './texts.ts';
import { toolbar } from './toolbar.ts';

export class AgorBoardPage extends PageElement {
  static override properties = { model: { attribute: false } };
  static override styles = [baseStyles, fieldStyles, explanationStyles, pageStyles, toolbarStyles, searchStyles, boardPageStyles];

  declare model: BoardModel;

  #announced = '';
  #isAdding = false;
  #wantedDetailId: string | null = null;
  readonly #actions = this.#createActions();

  override render(): TemplateResult {
    const { model } = this;
    return html`<div class="page" @keydown=${this.#pressed}>
      <h1 class="hidden">${t('title')}</h1>
      ${connectionBanner(model.connection, model.phase === 'loading', t)} ${model.phase === 'ready' ? toolbar(model, () => this.#actions.startAdding()) : nothing} ${this.#problem()}
      <main>${this.#body()} ${this.#detail()}</main>
      <div class="hidden" role="status">${this.#announced}</div>
    </div>`;
  }

  /** Puts the keyboard into the details of a task, as soon as they are there. */
  focusDetail(taskId: string): void {
    this.#wantedDetailId = taskId;
    this.changed();
  }

  protected override updated(): void {
    if (this.#wantedDetailId === null || this.model.openTask?.id !== this.#wantedDetailId) return;
    const detail = this.renderRoot.querySelector<AgorTaskDetail>('agor-task-detail');
    if (!detail) return;
    this.#wantedDetailId = null;
    detail.focus();
  }

  #problem(): TemplateResult | typeof nothing {
    const { model } = this;
    return problemBanner(model.phase === 'failed' ? null : model.problem, () => model.dismissProblem(), t);
  }

  #body(): TemplateResult {
    const { phase, tasks, problem, connection } = this.model;
    if (phase === 'noTeam') return explanation({ icon: 'organization', title: t('noTeam'), detail: t('noTeamDetail') });
    if (phase === 'failed') {
      const again = html`<vscode-button appearance="secondary" @click=${() => this.model.load()}>${t('tryAgain')}</vscode-button>`;
      return explanation({ icon: 'warning', title: t('loadFailed'), detail: problem ?? '', button: again });
    }
    if (phase === 'loading') return html`<div class="empty faint loading">${connection === 'failed' ? nothing : t('loading')}</div>`;
    if (tasks.length === 0 && !this.#isAdding) {
      const add = html`<vscode-button appearance="primary" @click=${() => this.#actions.startAdding()}>${t('newTask')}</vscode-button>`;
      return explanation({ icon: 'checklist', title: t('empty'), detail: t('emptyDetail'), button: add });
    }
    return this.#columns();
  }

  #columns(): TemplateResult {
    const { model } = this;
    return html`<agor-board-columns
      .columns=${model.columns()}
      .parts=${partCounts(model.tasks)}
      .openTaskId=${model.openTask?.id ?? null}
      .members=${model.members}
      .isAdding=${this.#isAdding}
      .isFiltered=${isFiltering(model.filter)}
      .actions=${this.#actions}
    ></agor-board-columns>`;
  }

  #detail(): TemplateResult | typeof nothing {
    const { openTask, phase, tasks, comments, commentsFailure, members } = this.model;
    if (!openTask || phase !== 'ready') return nothing;
    return html`<agor-task-detail
      .task=${openTask}
      .parts=${tasks.filter(({ parent }) => parent === openTask.number)}
      .comments=${comments}
      .failure=${commentsFailure}
      .members=${members}
      .actions=${this.#actions}
    ></agor-task-detail>`;
  }

  /** `/` goes to the filter, as in many lists, unless something is being typed. */
  readonly #pressed = (event: KeyboardEvent): void => {
    const isTyping = event
      .composedPath()
      .some((target) => target instanceof HTMLElement && /^(input|textarea|select)$/i.test(target.tagName));
    if (isTyping || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === '/') this.renderRoot.querySelector<HTMLElement>('[name=filter]')?.focus();
    else if (event.key === 'n') this.#actions.startAdding();
    else if (event.key === 'Escape' && this.model.openTask) this.#close();
    else if (event.key === 'Escape' && isFiltering(this.model.filter)) this.model.setFilter(noFilter);
    else return;
    event.preventDefault();
  };

  #createActions(): BoardActions {
    return {
      move: (taskId, place) => void this.model.move(taskId, place),
      open: (taskId) => this.model.open(taskId),
      close: () => this.#close(),
      startAdding: () => this.#showForm('open'),
      stopAdding: () => this.#showForm('closed'),
      add: (task) => this.model.add(task),
      assign: (task, to) => void this.model.assign(task, to),
      edit: (task, changes) => void this.model.edit(task, changes),
      comment: (task, text) => this.model.comment(task, text),
      remove: (task) => void this.model.remove(task),
      settleHeld: (task, method) => void this.model.settleHeld(task, method),
      announce: (sentence) => {
        this.#announced = sentence;
        this.changed();
      },
    };
  }

  #showForm(form: 'open' | 'closed'): void {
    this.#isAdding = form === 'open';
    // On a narrow page the details would cover the form.
    if (this.#isAdding) this.model.open(null);
    this.changed();
    if (form === 'closed') this.renderRoot.querySelector<HTMLElement>('.new-task')?.focus();
  }

  /** The keyboard goes back to where it came from. */
  #close(): void {
    const taskId = this.model.openTask?.id;
    this.model.open(null);
    if (taskId) this.renderRoot.querySelector<AgorBoardColumns>('agor-board-columns')?.focusCard(taskId);
  }
}

function partCounts(tasks: readonly Task[]): ReadonlyMap<number, PartCount> {
  const counts = new Map<number, PartCount>();
  for (const { parent, state } of tasks) {
    if (parent === null) continue;
    const { done, all } = counts.get(parent) ?? { done: 0, all: 0 };
    counts.set(parent, { done: done + (state === 'done' ? 1 : 0), all: all + 1 });
  }
  return counts;
}

customElements.define('agor-board-page', AgorBoardPage);
