/** The terminal while a prompt is waited for: the answer on stdout, everything else in lines of its own on stderr. */
import type { PermissionRequest } from '../protocol/agent-event.ts';
import { questionLines } from './question-text.ts';
import { type Colour, styleFor } from './style.ts';

export class PromptScreen {
  readonly #showsAnswer: boolean;
  #isInLine = false;

  /** Without the answer for `--json`, whose document is all there is on stdout. */
  constructor(options: { readonly showsAnswer: boolean }) {
    this.#showsAnswer = options.showsAnswer;
  }

  answer(text: string): void {
    if (!this.#showsAnswer || text === '') return;
    process.stdout.write(text);
    this.#isInLine = !text.endsWith('\n');
  }

  note(text: string): void {
    this.#lines([text], 'dim');
  }

  warn(text: string): void {
    this.#lines([text], 'yellow');
  }

  question(request: PermissionRequest, howToAnswer: string): void {
    const style = styleFor(process.stderr);
    this.#lines(['', style('yellow', 'The agent asks for permission:'), ...questionLines(request, style), style('yellow', howToAnswer)]);
  }

  /** Where both streams show on one terminal, a note must not start in the middle of the answer's line. */
  #lines(lines: readonly string[], colour?: Colour): void {
    const style = styleFor(process.stderr);
    const newline = this.#isInLine && process.stdout.isTTY && process.stderr.isTTY ? '\n' : '';
    this.#isInLine &&= newline === '';
    process.stderr.write(`${newline}${lines.map((line) => (colour ? style(colour, line) : line)).join('\n')}\n`);
  }
}
