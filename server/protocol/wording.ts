/** The form of `vscode.l10n.t`: a window passes its translations, everybody else `inEnglish`. */
export type Wording = (message: string, ...args: (string | number)[]) => string;
