/** Splits what a person types for an agent's command line: blanks separate, quotes keep together, a backslash escapes. */

/** `undefined` when a quote is left open. Nothing is expanded: no variables, no globs, no `~`. */
export function splitCommandLine(line: string): string[] | undefined {
  const words: string[] = [];
  let word: string | undefined;
  let quote = '';
  for (let index = 0; index < line.length; index++) {
    const char = line.charAt(index);
    if (quote) {
      if (char === quote) quote = '';
      else if (char === '\\' && quote === '"' && isEscapable(line.charAt(index + 1))) word += line.charAt(++index);
      else word += char;
    } else if (char === '"' || char === "'") {
      quote = char;
      word ??= '';
    } else if (/\s/.test(char)) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else {
      word = (word ?? '') + (char === '\\' && isEscapable(line.charAt(index + 1)) ? line.charAt(++index) : char);
    }
  }
  if (quote) return undefined;
  return word === undefined ? words : [...words, word];
}

/** Only these, so that a Windows path keeps its backslashes. */
function isEscapable(char: string): boolean {
  return char === '"' || char === "'" || char === '\\' || char === ' ';
}
