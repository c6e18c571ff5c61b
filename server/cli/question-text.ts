/**
 * A permission question as a person must see it to answer it: all of it, character by character. What cannot be seen
 * is written as its code point, so that nothing hides in what is allowed.
 */
import type { PermissionRequest, ToolContent } from '../protocol/agent-event.ts';
import { exact } from './printable.ts';
import type { Style } from './style.ts';

type Diff = Extract<ToolContent, { type: 'diff' }>;

export function questionLines(request: PermissionRequest, style: Style): string[] {
  return [
    style('bold', exactLine(request.title)),
    ...field('tool', `${request.toolName} (${request.toolKind})`),
    ...field('folder', request.cwd),
    ...field('command', request.command),
    ...field('reason', request.reason),
    ...request.content.flatMap((content) => contentLines(content, style)),
  ];
}

function contentLines(content: ToolContent, style: Style): string[] {
  if (content.type === 'text') return exact(content.text).split('\n').map(indent);
  const heading = content.oldText === null ? `${exactLine(content.path)} (new file)` : exactLine(content.path);
  return [indent(style('bold', heading)), ...diffLines(content, style).map(indent)];
}

/** What differs, between the lines that are equal at the start and at the end. */
export function diffLines({ oldText, newText }: Diff, style: Style): string[] {
  const before = linesOf(oldText ?? '');
  const after = linesOf(newText);
  const shorter = Math.min(before.length, after.length);
  let start = 0;
  while (start < shorter && before[start] === after[start]) start++;
  let end = 0;
  while (end < shorter - start && before.at(-1 - end) === after.at(-1 - end)) end++;
  return [
    ...equalLines(start),
    ...before.slice(start, before.length - end).map((line) => style('red', `- ${exactLine(line)}`)),
    ...after.slice(start, after.length - end).map((line) => style('green', `+ ${exactLine(line)}`)),
    ...equalLines(end),
  ];
}

function equalLines(count: number): string[] {
  return count === 0 ? [] : [`  … ${count} equal ${count === 1 ? 'line' : 'lines'}`];
}

function linesOf(text: string): string[] {
  return text === '' ? [] : text.replace(/\n$/, '').split('\n');
}

function field(name: string, value: string | null): string[] {
  if (value === null || value === '') return [];
  const [first = '', ...rest] = exact(value).split('\n');
  return [`  ${name.padEnd(8)}${first}`, ...rest.map((line) => `  ${' '.repeat(8)}${line}`)];
}

function exactLine(text: string): string {
  return exact(text).replace(/\n/g, '\\n');
}

function indent(line: string): string {
  return `  ${line}`;
}
