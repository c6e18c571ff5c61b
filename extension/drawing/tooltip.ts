/** What is told where the pointer rests. Much of it comes from outside: nothing in it becomes a link, an image or markup. */
import { MarkdownString } from 'vscode';

type Fact = readonly [name: string, value: string];

export function rowTooltip(label: string, description: string, facts: readonly Fact[]): MarkdownString {
  const lines = facts.map(([name, value]) => asText(`${name}: ${value}`));
  const title = `**${asText(label)}**${asText(description && ` ${description}`)}`;
  return new MarkdownString([title, lines.join('  \n')].filter((part) => part !== '').join('\n\n'));
}

export function textTooltip(text: string): MarkdownString {
  return new MarkdownString(asText(text));
}

/** VS Code's own escaping makes each space one that does not break, and long lines then break inside of words. */
function asText(text: string): string {
  return new MarkdownString().appendText(text).value.replace(/(?<=[^\s;])&nbsp;(?=[^\s&])/g, ' ');
}
