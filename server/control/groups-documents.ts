/** `groups.json` on a window's connection: its editor is told of faults while the person types, and asks the rest. */
import type { MessageConnection } from 'vscode-jsonrpc/node';
import type {
  CodeLens,
  CodeLensParams,
  CompletionItem,
  CompletionItemKind,
  Diagnostic,
  DiagnosticSeverity,
  DidChangeTextDocumentParams,
  DidCloseTextDocumentParams,
  DidOpenTextDocumentParams,
  Hover as HoverAnswer,
  PublishDiagnosticsParams,
  Range,
  ServerCapabilities,
  TextDocumentPositionParams,
  TextDocumentSyncKind,
} from 'vscode-languageserver';
import type { Emitter } from '../base/emitter.ts';
import type { GroupProblem } from '../protocol/team.ts';
import type { Hover, Lens, Suggestion } from '../teams/groups-language.ts';
import { offsetAt, type Place } from '../teams/text-place.ts';

export type GroupsLanguage = {
  readonly diagnose: (text: string) => readonly GroupProblem[];
  readonly complete: (text: string, offset: number) => readonly Suggestion[];
  readonly hover: (text: string, offset: number) => Hover | null;
  readonly lenses: (text: string) => readonly Lens[];
  /** The same text may have other faults and lenses from now on. */
  readonly changed: Emitter<void>;
};

/** As the protocol numbers them; its library would bring them all, and the rest of itself, into every start. */
const documents = { none: 0, whole: 1 } as const satisfies Record<string, TextDocumentSyncKind>;
const itemKinds = { field: 10, value: 12 } as const satisfies Record<Suggestion['kind'], CompletionItemKind>;
const severities = { error: 1, warning: 2, info: 3 } as const satisfies Record<GroupProblem['severity'], DiagnosticSeverity>;

export const groupsCapabilities: ServerCapabilities = {
  textDocumentSync: documents.whole,
  completionProvider: { triggerCharacters: ['"', ':', ' '] },
  hoverProvider: true,
  codeLensProvider: {},
};

/** Of a caller that has no editors. */
export const noCapabilities: ServerCapabilities = { textDocumentSync: documents.none };

/** A text beyond this is nobody's configuration; it is neither kept nor looked at. */
const maxChars = 1024 * 1024;

/** Returns the function that ends it. */
export function serveGroupsDocuments(connection: MessageConnection, language: GroupsLanguage): () => void {
  const texts = new Map<string, string>();
  const show = (uri: string, text: string) => {
    if (text.length > maxChars) return void texts.delete(uri);
    texts.set(uri, text);
    tell(connection, uri, language.diagnose(text).map(diagnostic));
  };
  const at = ({ textDocument, position }: TextDocumentPositionParams) => {
    const text = texts.get(textDocument.uri) ?? '';
    return [text, offsetAt(text, position.line, position.character)] as const;
  };
  connection.onNotification('textDocument/didOpen', ({ textDocument: { uri, text } }: DidOpenTextDocumentParams) => show(uri, text));
  connection.onNotification('textDocument/didChange', ({ textDocument: { uri }, contentChanges }: DidChangeTextDocumentParams) => {
    // Documents come whole, so the last one counts.
    const last = contentChanges.at(-1);
    if (last) show(uri, last.text);
  });
  connection.onNotification('textDocument/didClose', ({ textDocument: { uri } }: DidCloseTextDocumentParams) => {
    if (texts.delete(uri)) tell(connection, uri, []);
  });
  connection.onRequest('textDocument/completion', (params: TextDocumentPositionParams) => language.complete(...at(params)).map(completion));
  connection.onRequest('textDocument/hover', (params: TextDocumentPositionParams): HoverAnswer | null => {
    const found = language.hover(...at(params));
    return found && { contents: { kind: 'plaintext', value: found.says }, range: range(found.place) };
  });
  connection.onRequest('textDocument/codeLens', ({ textDocument: { uri } }: CodeLensParams) =>
    language.lenses(texts.get(uri) ?? '').map(codeLens),
  );
  return language.changed.on(() => {
    for (const [uri, text] of texts) show(uri, text);
    if (texts.size > 0) lookAgain(connection);
  });
}

/** An editor asks for lenses when its text changes; this is for when something else did. */
function lookAgain(connection: MessageConnection): void {
  void whileThere(() => connection.sendRequest('workspace/codeLens/refresh'));
}

function tell(connection: MessageConnection, uri: string, diagnostics: Diagnostic[]): void {
  void whileThere(() =>
    connection.sendNotification('textDocument/publishDiagnostics', { uri, diagnostics } satisfies PublishDiagnosticsParams),
  );
}

/** Whoever is gone, or going, needs nothing more; the library then rejects, or throws at once. */
async function whileThere(send: () => Promise<unknown>): Promise<void> {
  try {
    await send();
  } catch {
    // Its socket's end tells.
  }
}

function diagnostic(problem: GroupProblem): Diagnostic {
  return { severity: severities[problem.severity], message: problem.message, range: range(problem), source: 'Agor' };
}

function completion({ label, kind, says, text, place }: Suggestion): CompletionItem {
  return { label, kind: itemKinds[kind], documentation: says, filterText: text, textEdit: { range: range(place), newText: text } };
}

function codeLens({ place, title, command, argument }: Lens): CodeLens {
  return { range: range(place), command: { title, command, arguments: [argument] } };
}

function range({ line, column, endLine, endColumn }: Place): Range {
  return { start: { line, character: column }, end: { line: endLine, character: endColumn } };
}
