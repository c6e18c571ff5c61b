/** Notices that a program changes or runs something without a question: what its own settings allow, we cannot see. Pure but for what it remembers. */
import type { ToolFields } from './acp-update.ts';

const acting: ReadonlySet<string> = new Set(['edit', 'delete', 'move', 'execute']);

export class UnaskedTools {
  /** Said once in a session, and never after the person allowed something for all of it. */
  #isSettled = false;
  #hasAsked = false;

  turnBegan(): void {
    this.#hasAsked = false;
  }

  /** Programs name a question and its tool call differently, so any question of the turn counts. */
  asked(): void {
    this.#hasAsked = true;
  }

  allowedForSession(): void {
    this.#isSettled = true;
  }

  /** What the person is told of a tool call that is over, if anything. */
  ended({ kind, title, name, status }: ToolFields): string | null {
    if (this.#isSettled || this.#hasAsked || status !== 'completed' || !acting.has(kind ?? '')) return null;
    this.#isSettled = true;
    return `The agent did "${shown(title ?? name ?? kind ?? '')}" without asking you. Its own settings decide what it asks about; this is said once in a session.`;
  }
}

function shown(title: string): string {
  const line = title.split('\n', 1)[0] ?? '';
  return line.length > 80 ? `${line.slice(0, 80)}…` : line;
}
