/** The form of `vscode.l10n.t`, so that pure functions make texts in the person's language without importing `vscode`. */
export type Translate = (message: string, ...args: (string | number | boolean)[]) => string;
