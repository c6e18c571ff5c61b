/**
 * The syntax highlighter itself: a chunk of its own, loaded after the first paint, and each grammar another one. Colours
 * are class names, because the page's policy blocks style attributes and the theme is the editor's.
 */
import { createCssVariablesTheme, createHighlighterCore, type HighlighterCore, type LanguageInput } from 'shiki/core';
import { createJavaScriptRegexEngine } from 'shiki/engine/javascript';

interface CodeSpan {
  readonly text: string;
  /** `null` for the plain foreground. */
  readonly className: string | null;
}
export type CodeLine = readonly CodeSpan[];

const grammars: Record<string, LanguageInput> = {
  css: () => import('shiki/langs/css.mjs'),
  diff: () => import('shiki/langs/diff.mjs'),
  go: () => import('shiki/langs/go.mjs'),
  html: () => import('shiki/langs/html.mjs'),
  json: () => import('shiki/langs/json.mjs'),
  python: () => import('shiki/langs/python.mjs'),
  rust: () => import('shiki/langs/rust.mjs'),
  shellscript: () => import('shiki/langs/shellscript.mjs'),
  sql: () => import('shiki/langs/sql.mjs'),
  tsx: () => import('shiki/langs/tsx.mjs'),
  typescript: () => import('shiki/langs/typescript.mjs'),
  yaml: () => import('shiki/langs/yaml.mjs'),
};

const theme = createCssVariablesTheme({ name: 'classes', variablePrefix: '', fontStyle: false });
const coloured = /^var\(token-([a-z-]+)\)$/;
let core: Promise<HighlighterCore> | undefined;

export async function highlightLines(grammar: string, code: string): Promise<CodeLine[]> {
  core ??= createHighlighterCore({ themes: [theme], langs: [], engine: createJavaScriptRegexEngine({ forgiving: true }) });
  const highlighter = await core;
  const input = grammars[grammar];
  if (!input) return code.split('\n').map((text) => [{ text, className: null }]);
  if (!highlighter.getLoadedLanguages().includes(grammar)) await highlighter.loadLanguage(input);
  const { tokens } = highlighter.codeToTokens(code, { lang: grammar, theme: 'classes' });
  return tokens.map((line) => joined(line.map(({ content, color }) => ({ text: content, className: className(color) }))));
}

function className(color: string | undefined): string | null {
  const name = coloured.exec(color ?? '')?.[1];
  return name ? `token-${name}` : null;
}

/** Neighbours of one colour become one span, and spaces never need one: fewer nodes in the page. */
function joined(spans: readonly CodeSpan[]): CodeLine {
  const line: CodeSpan[] = [];
  for (const span of spans) {
    const last = line.at(-1);
    if (last && (last.className === span.className || span.text.trim() === ''))
      line[line.length - 1] = { ...last, text: last.text + span.text };
    else line.push(span);
  }
  return line;
}
