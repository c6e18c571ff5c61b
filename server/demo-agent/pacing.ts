/** How a text is cut into the pieces that stream, and how long each is waited for; the same text always the same way. */

export type Piece = { readonly text: string; readonly pauseMs: number };

const wordPauseMs = 14;
const sentencePauseMs = 90;
const paragraphPauseMs = 180;

/** Pieces of one to three words; put together they are the text again. */
export function piecesOf(text: string): Piece[] {
  const tokens = text.match(/\s*\S+(?:\s+$)?/g) ?? (text === '' ? [] : [text]);
  const pieces: Piece[] = [];
  for (let index = 0; index < tokens.length; ) {
    const size = 1 + ((tokens[index]?.length ?? 0) % 3);
    const piece = tokens.slice(index, index + size).join('');
    pieces.push({ text: piece, pauseMs: pauseAfter(piece, size) });
    index += size;
  }
  return pieces;
}

/** The same pieces with pauses that add up to about `totalMs`. */
export function stretched(pieces: readonly Piece[], totalMs: number): Piece[] {
  const sumMs = pieces.reduce((sum, piece) => sum + piece.pauseMs, 0);
  return pieces.map((piece) => ({ ...piece, pauseMs: (piece.pauseMs * totalMs) / Math.max(1, sumMs) }));
}

function pauseAfter(piece: string, words: number): number {
  if (piece.includes('\n\n')) return paragraphPauseMs;
  return /[.!?:]$/.test(piece) ? sentencePauseMs : wordPauseMs * words;
}

/** `speed` 2 is twice as fast; 0 means no pauses. */
export function atSpeed(pauseMs: number, speed: number): number {
  return speed === 0 ? 0 : pauseMs / speed;
}

/** What anybody's tokenizer would say within a third. */
export function estimatedTokens(text: string): number {
  return Math.ceil(text.length / 4);
}
