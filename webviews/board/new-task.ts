/** The form for a new task, in the place where its card will be. */
import { css, html, LitElement, type TemplateResult } from 'lit';
import type { TaskPriority } from '../../server/protocol/task.ts';
import type { Party } from '../../server/protocol/team.ts';
import { baseStyles } from '../shared/base-styles.ts';
import { fieldStyles } from '../shared/field-styles.ts';
import type { BoardActions } from './board-actions.ts';
import { priorities, priorityLooks } from './looks.ts';
import { t } from './texts.ts';

class AgorNewTask extends LitElement {
  static override properties = { members: { attribute: false }, actions: { attribute: false }, isAdding: { state: true } };
  static override styles = [baseStyles, fieldStyles, newTaskStyles()];

  declare members: readonly Party[];
  declare actions: BoardActions;
  /** On its way to the backend. */
  declare isAdding: boolean;

  override firstUpdated(): void {
    this.#field('title').focus();
  }

  override render(): TemplateResult {
    return html`<form aria-label=${t('newTask')} @submit=${this.#submitted} @keydown=${this.#pressed}>
      <input name="title" aria-label=${t('newTaskTitle')} placeholder=${t('newTaskPlaceholder')} maxlength="200" autocomplete="off" />
      <textarea name="description" rows="2" aria-label=${t('description')} placeholder=${t('descriptionPlaceholder')}></textarea>
      <div class="choices">
        <select name="priority" aria-label=${t('priority')} title=${t('priority')}>
          ${priorities.map((priority) => html`<option value=${priority} ?selected=${priority === 'medium'}>${t(priorityLooks[priority].word)}</option>`)}
        </select>
        <select name="assignee" aria-label=${t('assignee')} title=${t('assignee')}>
          <option value="">${t('nobody')}</option>
          ${this.members.map(({ id, name }) => html`<option value=${id}>${name}</option>`)}
        </select>
      </div>
      <div class="buttons">
        <vscode-button appearance="secondary" @click=${() => this.actions.stopAdding()}>${t('cancel')}</vscode-button>
        <vscode-button appearance="primary" ?disabled=${this.isAdding} @click=${this.#submitted}>${t('add')}</vscode-button>
      </div>
    </form>`;
  }

  readonly #submitted = (event: Event): void => {
    event.preventDefault();
    void this.#add();
  };

  /** Enter in the title adds the task; in the description it breaks the line, and with Ctrl or Cmd it adds too. */
  readonly #pressed = (event: KeyboardEvent): void => {
    if (event.isComposing) return;
    if (event.key === 'Escape') this.actions.stopAdding();
    else if (event.key === 'Enter' && (event.target === this.#field('title') || event.ctrlKey || event.metaKey)) void this.#add();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };

  async #add(): Promise<void> {
    const title = this.#field('title');
    if (this.isAdding || title.value.trim() === '') return title.focus();
    this.isAdding = true;
    const isAdded = await this.actions.add({
      title: title.value,
      description: this.#field('description').value,
      // Its options are the priorities.
      priority: this.#field('priority').value as TaskPriority,
      assignee: this.#field('assignee').value || null,
    });
    this.isAdding = false;
    if (!isAdded) return;
    // Tasks come in rows: the form stays for the next one.
    title.value = '';
    this.#field('description').value = '';
    title.focus();
  }

  #field(name: string): HTMLInputElement {
    const field = this.renderRoot.querySelector<HTMLInputElement>(`[name=${name}]`);
    if (!field) throw new Error(`The form has no field ${name}.`);
    return field;
  }
}

function newTaskStyles() {
  return css`
    form {
      display: flex;
      flex-direction: column;
      gap: 8px;
      padding: 8px;
      border: 1px solid var(--vscode-focusBorder);
      border-radius: 6px;
      background: var(--vscode-editor-background);
    }
    .choices {
      display: flex;
      gap: 8px;
    }
    .choices select {
      flex: 1 1 0;
    }
    .buttons {
      display: flex;
      justify-content: flex-end;
      gap: 8px;
    }
  `;
}

customElements.define('agor-new-task', AgorNewTask);
