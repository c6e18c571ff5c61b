/** Shows questions whole, as a document beside the list they are answered in, and says in it what became of them. */
import { type Disposable, l10n, type TextDocumentShowOptions, type Uri, window, workspace } from 'vscode';
import type { Approval } from '../../server/protocol/approval.ts';
import type { Backend } from '../backend/backend.ts';
import type { Fleet } from '../fleet/fleet.ts';
import type { VirtualDocuments } from '../text/virtual-documents.ts';
import { questionText } from './approval-text.ts';
import { askerOf } from './decision-words.ts';

export type WholeQuestionsDeps = { readonly backend: Backend; readonly fleet: Fleet; readonly documents: VirtualDocuments };

type Shown = { readonly uri: Uri; readonly linesAbove: number; approvals: readonly Approval[] };

/** `linesAbove`: what covers the top of the editor, in lines; nothing of what is asked may be under it. */
export type ShowOptions = { readonly linesAbove: number; readonly keyboard: 'take' | 'leave' };

export class WholeQuestions {
  readonly #deps: WholeQuestionsDeps;
  readonly #shown = new Map<string, Shown>();

  constructor(deps: WholeQuestionsDeps) {
    this.#deps = deps;
  }

  register(): Disposable[] {
    return [
      this.#deps.backend.on('approval/changed', ({ approval }) => this.#follow(approval)),
      workspace.onDidCloseTextDocument(({ uri }) => this.#shown.delete(uri.toString())),
    ];
  }

  async show(approvals: readonly Approval[], { linesAbove, keyboard }: ShowOptions): Promise<Uri> {
    const { documents } = this.#deps;
    const name = approvals.length === 1 ? l10n.t('Approval.txt') : l10n.t('Approvals.txt');
    const uri = documents.add(name, this.#text(approvals, linesAbove));
    this.#shown.set(uri.toString(), { uri, linesAbove, approvals });
    const options: TextDocumentShowOptions = { preview: true, preserveFocus: keyboard === 'leave' };
    await window.showTextDocument(uri, options);
    return uri;
  }

  async close(uri: Uri): Promise<void> {
    const tabs = window.tabGroups.all.flatMap((group) => group.tabs);
    const tab = tabs.find(
      ({ input }) => typeof input === 'object' && input !== null && 'uri' in input && String(input.uri) === String(uri),
    );
    if (tab) await window.tabGroups.close(tab);
  }

  /** Who reads it may not go on believing that it waits. */
  #follow(approval: Approval): void {
    for (const shown of this.#shown.values()) {
      if (!shown.approvals.some(({ id }) => id === approval.id)) continue;
      shown.approvals = shown.approvals.map((known) => (known.id === approval.id ? approval : known));
      this.#deps.documents.change(shown.uri, this.#text(shown.approvals, shown.linesAbove));
    }
  }

  #text(approvals: readonly Approval[], linesAbove: number): string {
    const texts = approvals.map((approval) => questionText(approval, askerOf(this.#deps.fleet.state, approval, l10n.t), l10n.t));
    return '\n'.repeat(linesAbove) + texts.join(`\n${'─'.repeat(40)}\n\n`);
  }
}
