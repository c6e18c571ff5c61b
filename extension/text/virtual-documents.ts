/** Read-only documents that exist in memory only: both sides of a proposed change, and the full text of an approval. */
import { type Disposable, EventEmitter, Uri, workspace } from 'vscode';

const scheme = 'agor';

export class VirtualDocuments {
  readonly #texts = new Map<string, string>();
  readonly #changed = new EventEmitter<Uri>();
  #lastId = 0;

  register(): Disposable[] {
    return [
      workspace.registerTextDocumentContentProvider(scheme, {
        onDidChange: this.#changed.event,
        provideTextDocumentContent: (uri) => this.#texts.get(uri.toString()) ?? '',
      }),
      workspace.onDidCloseTextDocument(({ uri }) => this.#texts.delete(uri.toString())),
    ];
  }

  /** The path gives the document its name and language; each call makes a document of its own. */
  add(path: string, text: string): Uri {
    this.#lastId++;
    const absolute = path.startsWith('/') ? path : `/${path}`;
    const uri = Uri.from({ scheme, path: absolute, query: String(this.#lastId) });
    this.#texts.set(uri.toString(), text);
    return uri;
  }

  /** What is shown already follows. */
  change(uri: Uri, text: string): void {
    if (!this.#texts.has(uri.toString())) return;
    this.#texts.set(uri.toString(), text);
    this.#changed.fire(uri);
  }
}
