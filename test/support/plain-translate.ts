/** Stands in for `vscode.l10n.t` in English: fills in the placeholders. */
export function plainTranslate(message: string, ...args: (string | number | boolean)[]): string {
  return message.replaceAll(/\{(\d+)\}/g, (_, index) => String(args[Number(index)]));
}
