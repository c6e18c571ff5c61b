/**
 * Whether a command line starts one program and nothing else, so that its first word says which. Where a shell would have to
 * decide that (pipes, substitutions, redirections, variables, several lines), nothing is said. Pure.
 */

/** What may stand in a first word: no sign of a shell, no assignment, and nothing that only looks like a letter. */
const programWord = /^[\w@%+:,./-]+$/;

/** Words that a shell does itself, or that make the next word the program; what they run depends on more than their name. */
const ofShells: ReadonlySet<string> = new Set(
  `. : [ alias bg bind break builtin caller case cd command compgen complete compopt continue coproc declare dirs disown do done
  echo elif else enable esac eval exec exit export false fc fg fi for function getopts hash help history if in jobs kill let
  local logout mapfile popd printf pushd pwd read readarray readonly return select set shift shopt source suspend test then
  time times trap true type typeset ulimit umask unalias unset until wait while`
    .split(/\s+/)
    .filter(Boolean),
);

/** The words as a shell would part them; null where it would do more than that. */
export function plainWords(command: string): readonly string[] | null {
  const words = wordsOf(command);
  const [program] = words ?? [];
  return words && program !== undefined && programWord.test(program) && !ofShells.has(program) ? words : null;
}

type Reading = { readonly words: string[]; word: string | null; quote: '"' | "'" | null };

function wordsOf(command: string): string[] | null {
  const reading: Reading = { words: [], word: null, quote: null };
  for (const sign of command) if (!take(reading, sign)) return null;
  if (reading.quote !== null) return null;
  if (reading.word !== null) reading.words.push(reading.word);
  return reading.words;
}

/** False for what only a shell can say the meaning of. */
function take(reading: Reading, sign: string): boolean {
  if (reading.quote === null) return takeBare(reading, sign);
  if (sign === reading.quote) {
    reading.quote = null;
    return true;
  }
  if (reading.quote === '"' && /[$`\\!]/.test(sign)) return false;
  reading.word += sign;
  return true;
}

function takeBare(reading: Reading, sign: string): boolean {
  if (/[;&|<>()`$\\!#\n\r\0]/.test(sign)) return false;
  if (sign === ' ' || sign === '\t') {
    if (reading.word !== null) reading.words.push(reading.word);
    reading.word = null;
    return true;
  }
  reading.word ??= '';
  if (sign === '"' || sign === "'") reading.quote = sign;
  else reading.word += sign;
  return true;
}
