/** The form in which a person makes a task of a row; nothing is added before they say so. */
import { css, html, LitElement, type TemplateResult } from 'lit';
import type { AuditRecord } from '../../server/protocol/audit.ts';
import type { Team } from '../../server/protocol/team.ts';
import { baseStyles } from '../shared/base-styles.ts';
import { fieldStyles } from '../shared/field-styles.ts';
import type { AuditActions } from './audit-actions.ts';
import type { Names } from './row-words.ts';
import { taskDraft } from './task-words.ts';
import { t } from './texts.ts';

class AgorAuditTask extends LitElement {
  static override properties = {
    row: { attribute: false },
    names: { attribute: false },
    teams: { attribute: false },
    teamId: { attribute: false },
    actions: { attribute: false },
    onDone: { attribute: false },
    isAdding: { state: true },
  };
  static override styles = [baseStyles, fieldStyles, formStyles()];

  declare row: AuditRecord;
  declare names: Names;
  declare teams: readonly Team[];
  declare teamId: string | null;
  declare actions: AuditActions;
  /** The number of the task, or `null` when the person thought better of it. */
  declare onDone: (number: number | null) => void;
  /** On its way to the backend. */
  declare isAdding: boolean;

  override firstUpdated(): void {
    const draft = taskDraft(this.row, this.names);
    this.#field('description').value = draft.description;
    const title = this.#field('title');
    title.value = draft.title;
    title.focus();
  }

  override render(): TemplateResult {
    return html`<form aria-label=${t('createTask')} @submit=${this.#submitted} @keydown=${this.#pressed}>
      <label>${t('taskTitle')}<input name="title" maxlength="200" autocomplete="off" /></label>
      <label>${t('taskDescription')}<textarea name="description" rows="4"></textarea></label>
      <label ?hidden=${this.teams.length < 2}>
        ${t('taskTeam')}
        <select name="team">
          ${this.teams.map(({ id, name }) => html`<option value=${id} ?selected=${id === this.teamId}>${name}</option>`)}
        </select>
      </label>
      <div class="buttons">
        <vscode-button appearance="secondary" @click=${() => this.onDone(null)}>${t('cancel')}</vscode-button>
        <vscode-button appearance="primary" ?disabled=${this.isAdding} @click=${this.#submitted}>${t('addTask')}</vscode-button>
      </div>
    </form>`;
  }

  readonly #submitted = (event: Event): void => {
    event.preventDefault();
    void this.#add();
  };

  /** Enter in the title adds it; in the description it breaks the line, and with Ctrl or Cmd it adds too. */
  readonly #pressed = (event: KeyboardEvent): void => {
    if (event.isComposing) return;
    if (event.key === 'Escape') this.onDone(null);
    else if (event.key === 'Enter' && (event.target === this.#field('title') || event.ctrlKey || event.metaKey)) void this.#add();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };

  async #add(): Promise<void> {
    const title = this.#field('title');
    if (this.isAdding || title.value.trim() === '') return title.focus();
    this.isAdding = true;
    const added = await this.actions.addTask({
      title: title.value,
      description: this.#field('description').value,
      team: this.#field('team').value,
      priority: 'high',
    });
    this.isAdding = false;
    if (added) this.onDone(added.number);
  }

  #field(name: string): HTMLInputElement {
    const field = this.renderRoot.querySelector<HTMLInputElement>(`[name=${name}]`);
    if (!field) throw new Error(`The form has no field ${name}.`);
    return field;
  }
}

function formStyles() {
  return css`
    form {
      display: flex;
      flex-direction: column;
      gap: 12px;
      padding: 12px;
      border: 1px solid var(--vscode-focusBorder);
      border-radius: 6px;
    }
    label {
      display: flex;
      flex-direction: column;
      gap: 4px;
      color: var(--vscode-descriptionForeground);
    }
    label[hidden] {
      display: none;
    }
    .buttons {
      display: flex;
      justify-content: flex-end;
      gap: 8px;
    }
  `;
}

customElements.define('agor-audit-task', AgorAuditTask);
