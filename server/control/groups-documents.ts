/** `groups.json` on a window's connection: its editor is told of faults while the person types, and asks the rest. */
import type {
  CodeLens,
  CompletionItem,
  Connection,
  Diagnostic,
  Position,
  Range,
  ServerCapabilities,
  TextDocumentIdentifier,
} from 'vscode-languageserver';
import { CodeLensRefreshRequest, CompletionItemKind, DiagnosticSeverity, MarkupKind, TextDocumentSyncKind } from 'vscode-languageserver';
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

export const groupsCapabilities: ServerCapabilities = {
  textDocumentSync: TextDocumentSyncKind.Full,
  completionProvider: { triggerCharacters: ['"', ':', ' '] },
  hoverProvider: true,
  codeLensProvider: {},
};

/** A text beyond this is nobody's configuration; it is neither kept nor looked at. */
const maxChars = 1024 * 1024;

type At = { readonly textDocument: TextDocumentIdentifier; readonly position: Position };

/** Returns the function that ends it. */
export function serveGroupsDocuments(connection: Connection, language: GroupsLanguage): () => void {
  const texts = new Map<string, string>();
  const show = (uri: string, text: string) => {
    if (text.length > maxChars) return void texts.delete(uri);
    texts.set(uri, text);
    tell(connection, uri, language.diagnose(text).map(diagnostic));
  };
  const at = ({ textDocument, position }: At) => {
    const text = texts.get(textDocument.uri) ?? '';
    return [text, offsetAt(text, position.line, position.character)] as const;
  };
  connection.onDidOpenTextDocument(({ textDocument: { uri, text } }) => show(uri, text));
  connection.onDidChangeTextDocument(({ textDocument: { uri }, contentChanges }) => {
    // Documents come whole, so the last one counts.
    const last = contentChanges.at(-1);
    if (last) show(uri, last.text);
  });
  connection.onDidCloseTextDocument(({ textDocument: { uri } }) => {
    if (texts.delete(uri)) tell(connection, uri, []);
  });
  connection.onCompletion((params) => language.complete(...at(params)).map(completion));
  connection.onHover((params) => {
    const found = language.hover(...at(params));
    return found && { contents: { kind: MarkupKind.PlainText, value: found.says }, range: range(found.place) };
  });
  connection.onCodeLens(({ textDocument: { uri } }) => language.lenses(texts.get(uri) ?? '').map(codeLens));
  return language.changed.on(() => {
    for (const [uri, text] of texts) show(uri, text);
    if (texts.size > 0) lookAgain(connection);
  });
}

/** An editor asks for lenses when its text changes; this is for when something else did. */
function lookAgain(connection: Connection): void {
  void whileThere(() => connection.sendRequest(CodeLensRefreshRequest.type));
}

function tell(connection: Connection, uri: string, diagnostics: Diagnostic[]): void {
  void whileThere(() => connection.sendDiagnostics({ uri, diagnostics }));
}

/** Whoever is gone, or going, needs nothing more; the library then rejects, or throws at once. */
async function whileThere(send: () => Promise<unknown>): Promise<void> {
  try {
    await send();
  } catch {
    // Its socket's end tells.
  }
}

const severities = {
  error: DiagnosticSeverity.Error,
  warning: DiagnosticSeverity.Warning,
  info: DiagnosticSeverity.Information,
} as const;

function diagnostic(problem: GroupProblem): Diagnostic {
  return { severity: severities[problem.severity], message: problem.message, range: range(problem), source: 'Agor' };
}

function completion({ label, kind, says, text, place }: Suggestion): CompletionItem {
  const itemKind = kind === 'field' ? CompletionItemKind.Property : CompletionItemKind.Value;
  return { label, kind: itemKind, documentation: says, filterText: text, textEdit: { range: range(place), newText: text } };
}

function codeLens({ place, title, command, argument }: Lens): CodeLens {
  return { range: range(place), command: { title, command, arguments: [argument] } };
}

function range({ line, column, endLine, endColumn }: Place): Range {
  return { start: { line, character: column }, end: { line: endLine, character: endColumn } };
}
