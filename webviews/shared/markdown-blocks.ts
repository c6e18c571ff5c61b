/**
 * Markdown as a list of top-level blocks, parsed as it streams: what is appended can change the last block only, so the
 * blocks before it are parsed once.
 */
import createMarkdownIt, { type Env, type MarkdownIt, type Token } from 'markdown-it';

/** `growing`: the rest may still arrive. */
export type TextStage = 'growing' | 'complete';

export type MarkdownBlock =
  | { kind: 'html'; html: string }
  /** `closed: false` while the rest of the block may still arrive. */
  | { kind: 'code'; language: string; text: string; closed: boolean };

const markdown = createMarkdown();
const definition = /^ {0,3}\[[^\]\n]+\]:/m;

export class MarkdownText {
  #text = '';
  #stage: TextStage = 'growing';
  #done: MarkdownBlock[] = [];
  #doneUntil = 0;
  #env: Env = {};
  #blocks: readonly MarkdownBlock[] = [];

  /** The blocks of `text`; blocks that did not change are the same objects as before. */
  update(text: string, stage: TextStage): readonly MarkdownBlock[] {
    if (text === this.#text && stage === this.#stage) return this.#blocks;
    if (!text.startsWith(this.#text)) this.#reset();
    // A link's definition may stand after its use: with the whole text at hand, all definitions are known from the start.
    if (stage === 'complete' && definition.test(text)) {
      this.#reset();
      markdown.parse(text, this.#env);
    }
    this.#text = text;
    this.#stage = stage;
    this.#blocks = this.#parse();
    return this.#blocks;
  }

  #reset(): void {
    this.#done = [];
    this.#doneUntil = 0;
    this.#env = {};
  }

  #parse(): readonly MarkdownBlock[] {
    const tail = this.#text.slice(this.#doneUntil);
    // A definition at the very end may not be complete, and the first one counts: the tail gets a copy.
    const env: Env = { references: { ...this.#env.references } };
    const groups = topLevelBlocks(markdown.parse(tail, env));
    const last = groups.at(-1);
    if (!last) return this.#done;
    const lineOffsets = offsetsOfLines(tail);
    const blocks = groups.map((tokens) =>
      toBlock(tokens, { env, closed: this.#stage === 'complete' || tokens !== last || isClosed(tokens, tail) }),
    );
    const lastStart = lineOffsets[firstLine(last)] ?? 0;
    const finished = tail.slice(0, lastStart);
    if (definition.test(finished)) markdown.parse(finished, this.#env);
    this.#done.push(...blocks.slice(0, -1));
    this.#doneUntil += lastStart;
    return [...this.#done, ...blocks.slice(-1)];
  }
}

function topLevelBlocks(tokens: readonly Token[]): Token[][] {
  const groups: Token[][] = [];
  let current: Token[] = [];
  for (const token of tokens) {
    current.push(token);
    if (token.level !== 0 || token.nesting === 1) continue;
    groups.push(current);
    current = [];
  }
  return groups;
}

function toBlock(tokens: Token[], { env, closed }: { readonly env: Env; readonly closed: boolean }): MarkdownBlock {
  const [token] = tokens;
  if (tokens.length === 1 && (token?.type === 'fence' || token?.type === 'code_block')) {
    const language = token.info.trim().split(/\s+/)[0]?.toLowerCase() ?? '';
    return { kind: 'code', language, text: token.content.replace(/\n$/, ''), closed };
  }
  return { kind: 'html', html: markdown.renderer.render(tokens, markdown.options, env) };
}

/** Whether the closing line of a fence is there. */
function isClosed(tokens: readonly Token[], source: string): boolean {
  const [token] = tokens;
  if (token?.type !== 'fence') return false;
  const lines = source.trimEnd().split('\n');
  const lastLine = lines.at(-1)?.trim() ?? '';
  return lines.length > firstLine(tokens) + 1 && lastLine.startsWith(token.markup);
}

function firstLine(tokens: readonly Token[]): number {
  return tokens[0]?.map?.[0] ?? 0;
}

function offsetsOfLines(text: string): number[] {
  const offsets = [0];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) offsets.push(at + 1);
  return offsets;
}

function createMarkdown(): MarkdownIt {
  const created = createMarkdownIt({ html: false, linkify: true });
  created.linkify.set({ fuzzyLink: false, fuzzyEmail: false, fuzzyIP: false });
  created.validateLink = (href) => isOpenable(href.trim());
  const { rules } = created.renderer;
  // Nothing is loaded from elsewhere: an image is a link to it.
  rules.image = (tokens, index) => imageLink(tokens[index]);
  rules.heading_open = rules.heading_close = (tokens, index, options, _env, self) => {
    const token = tokens[index];
    // The page has the one first-level heading.
    if (token) token.tag = token.tag === 'h1' ? 'h2' : token.tag;
    return self.renderToken(tokens, index, options);
  };
  // Wide tables scroll by themselves, by keyboard too.
  rules.table_open = () => '<div class="table" tabindex="0"><table>';
  rules.table_close = () => '</table></div>';
  rules.th_open = rules.td_open = (tokens, index) => cellOpen(tokens[index]);
  return created;
}

/** The web, mail, and files of the project. What begins with two slashes would lead to another host by the page's own scheme. */
function isOpenable(href: string): boolean {
  return /^(https?|mailto):/i.test(href) || !/^([a-z][a-z0-9+.-]*:|[/\\]{2})/i.test(href);
}

function imageLink(token: Token | undefined): string {
  const { escapeHtml } = markdown.utils;
  const source = String(token?.attrGet('src') ?? '');
  return `<a href="${escapeHtml(source)}">${escapeHtml(token?.content || source)}</a>`;
}

/** The page's policy blocks style attributes: alignment is a class. */
function cellOpen(token: Token | undefined): string {
  const alignment = /text-align:(\w+)/.exec(String(token?.attrGet('style') ?? ''))?.[1];
  return `<${token?.tag ?? 'td'}${alignment ? ` class="align-${alignment}"` : ''}>`;
}
