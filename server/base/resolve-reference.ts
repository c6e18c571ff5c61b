/** From what a person types to the one thing meant: a name, a whole id, or a prefix or suffix of one. */
import { AgorError } from '../protocol/errors.ts';
import { shortId } from '../protocol/ids.ts';

export type Candidate = { readonly id: string; readonly name?: string /** For telling equal names apart. */; readonly within?: string };

/**
 * Throws `notFound` or `ambiguous`, naming the candidates as far as whoever asks may hear of them. `within/name` chooses
 * among equal names.
 */
export function resolveReference<C extends Candidate>(
  kind: string,
  reference: string,
  candidates: readonly C[],
  mayName: (candidate: C) => boolean = () => true,
): C {
  const matches = bestMatches(reference, candidates);
  const [match] = matches;
  if (!match) throw new AgorError('notFound', `There is no ${kind} "${reference}".${hint(kind, candidates.filter(mayName))}`);
  if (matches.length === 1) return match;
  const list = matches.filter(mayName).slice(0, 5).map(describe).join(', ');
  throw new AgorError('ambiguous', `"${reference}" fits ${matches.length} ${kind}s${list && `: ${list}`}. Give more of the id.`);
}

/** A whole id or name wins over a part of an id. */
function bestMatches<C extends Candidate>(reference: string, candidates: readonly C[]): readonly C[] {
  const exact = candidates.filter(
    (candidate) => candidate.id === reference || candidate.name === reference || qualified(candidate) === reference,
  );
  if (exact.length > 0) return exact;
  const digits = reference.toLowerCase();
  if (!/^[0-9a-f-]{3,}$/.test(digits)) return [];
  return candidates.filter(({ id }) => id.startsWith(digits) || id.endsWith(digits));
}

function qualified(candidate: Candidate): string | undefined {
  return candidate.within && candidate.name && `${candidate.within}/${candidate.name}`;
}

function describe(candidate: Candidate): string {
  if (!candidate.name) return shortId(candidate.id);
  return `${qualified(candidate) || candidate.name} (${shortId(candidate.id)})`;
}

function hint(kind: string, candidates: readonly Candidate[]): string {
  const names = candidates.flatMap((candidate) => candidate.name ?? []);
  if (names.length > 0) return ` Known: ${[...new Set(names)].slice(0, 8).join(', ')}.`;
  return candidates.length === 0 ? ` There are no ${kind}s.` : '';
}
