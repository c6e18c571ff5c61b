/** Highlighted code when it is ready, and never in the way of a frame: work is done while the page is idle. */
import type { CodeLine } from './highlight-engine.ts';

/** What people write after the three backticks → the grammar that reads it. */
const grammarOf: Record<string, string> = {
  ...{ bash: 'shellscript', sh: 'shellscript', shell: 'shellscript', zsh: 'shellscript', console: 'shellscript' },
  ...{ js: 'typescript', javascript: 'typescript', mjs: 'typescript', cjs: 'typescript', ts: 'typescript', typescript: 'typescript' },
  ...{ mts: 'typescript', cts: 'typescript', jsx: 'tsx', tsx: 'tsx', json: 'json', jsonc: 'json', json5: 'json', jsonl: 'json' },
  ...{ py: 'python', python: 'python', css: 'css', scss: 'css', html: 'html', xml: 'html', svg: 'html', vue: 'html', go: 'go' },
  ...{ golang: 'go', rs: 'rust', rust: 'rust', yaml: 'yaml', yml: 'yaml', sql: 'sql', diff: 'diff', patch: 'diff' },
};

const maxChars = 20_000;
const maxCached = 200;

export class Highlighter {
  readonly #onReady: () => void;
  /** The newest at the end; `null` while it waits. */
  readonly #lines = new Map<string, readonly CodeLine[] | null>();
  #waiting: { key: string; grammar: string; code: string }[] = [];
  #working = false;

  constructor(onReady: () => void) {
    this.#onReady = onReady;
  }

  /** `null`: show the code plain; `onReady` is called when there is more. */
  lines(language: string, code: string): readonly CodeLine[] | null {
    const grammar = grammarOf[language];
    if (!grammar || code.length > maxChars) return null;
    const key = `${grammar}\n${code}`;
    const known = this.#lines.get(key);
    if (known !== undefined) return known;
    this.#lines.set(key, null);
    this.#waiting.push({ key, grammar, code });
    this.#wake();
    return null;
  }

  #wake(): void {
    if (this.#working) return;
    this.#working = true;
    requestIdleCallback(() => void this.#work());
  }

  async #work(): Promise<void> {
    // The newest first: it is what the person looks at.
    const next = this.#waiting.pop();
    this.#working = false;
    if (!next) return;
    try {
      const { highlightLines } = await import('./highlight-engine.ts');
      this.#keep(next.key, await highlightLines(next.grammar, next.code));
      this.#onReady();
    } catch {
      // Code without colours is still readable: the entry stays `null`.
    }
    if (this.#waiting.length > 0) this.#wake();
  }

  #keep(key: string, lines: readonly CodeLine[]): void {
    this.#lines.delete(key);
    this.#lines.set(key, lines);
    const [oldest] = this.#lines.keys();
    if (this.#lines.size > maxCached && oldest !== undefined) this.#lines.delete(oldest);
  }
}
