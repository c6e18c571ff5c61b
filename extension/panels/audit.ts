/** The audit panel. */
import { type Disposable, env, l10n } from 'vscode';
import { auditTexts } from '../../server/protocol/audit-texts.ts';
import { namesOfAgents } from './page-news.ts';
import type { PageMessage } from './panel.ts';
import { saveAudit } from './save-audit.ts';
import { SinglePanel, type SinglePanelDeps } from './single-panel.ts';

export type AuditPanelDeps = SinglePanelDeps & { readonly onFailure: (error: unknown) => void };

export class AuditPanel {
  readonly #panel: SinglePanel;

  constructor(deps: AuditPanelDeps) {
    this.#panel = new SinglePanel(deps, {
      name: 'audit',
      title: () => l10n.t('Audit Log'),
      texts: auditTexts,
      methods: ['audit/list', 'audit/verify', 'agent/list', 'team/list', 'task/add', 'view/get', 'view/put'],
      news: ['audit/appended', 'audit/verifying', 'agent/changed', 'agent/removed'],
      hears: namesOfAgents,
      act: (message) => act(deps, message),
    });
  }

  get isVisible(): boolean {
    return this.#panel.isVisible;
  }

  register(): Disposable[] {
    return this.#panel.register();
  }

  /** With a number, at that row. */
  show(seq: number | null): void {
    const panel = this.#panel.show();
    if (seq !== null) panel.post({ type: 'showRow', seq });
  }
}

/** It shows, asks and copies: what else a chat page can make VS Code do, this one cannot. */
function act({ backend, log, onFailure }: AuditPanelDeps, message: PageMessage): void {
  if (message.type === 'copy') return void env.clipboard.writeText(message.text).then(undefined, onFailure);
  if (message.type === 'exportAudit') return void saveAudit(backend, message).catch(onFailure);
  log.warn(`The audit panel may not ask for "${message.type}".`);
}
