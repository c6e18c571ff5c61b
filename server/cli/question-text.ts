/**
 * A permission question as a person must see it to answer it: all of it, character by character. What cannot be seen
 * is written as its code point, so that nothing hides in what is allowed.
 */
import type { PermissionRequest, ToolContent } from '../protocol/agent-event.ts';
import { otherLettersOf } from '../protocol/other-letters.ts';
import { formLines } from './form-text.ts';
import { exact, exactLine } from './printable.ts';
import type { Style } from './style.ts';

const longCommandLines = 20;

type Diff = Extract<ToolContent, { type: 'diff' }>;

export function questionLines(request: PermissionRequest, style: Style): string[] {
  return [
    style('bold', exactLine(request.title)),
    ...lineField('tool', `${request.toolName} (${request.toolKind})`),
    ...lineField('folder', request.cwd),
    ...commandLines(request.command),
    ...lineField('file', request.resolved),
    ...field('letters', notLatin(request)),
    ...field('reason', request.reason),
    ...request.content.flatMap((content) => contentLines(content, style)),
    ...formLines(request.form?.fields ?? [], style),
  ];
}

function contentLines(content: ToolContent, style: Style): string[] {
  if (content.type === 'text')
    return exact(content.text)
      .split('\n')
      .map((line) => indent(`| ${line}`));
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
    ...before.slice(start, before.length - end).map((line) => style('red', `- ${exact(line)}`)),
    ...after.slice(start, after.length - end).map((line) => style('green', `+ ${exact(line)}`)),
    ...equalLines(end),
    ...lineEndLines(oldText ?? '', newText),
  ];
}

function equalLines(count: number): string[] {
  return count === 0 ? [] : [`  … ${count} equal ${count === 1 ? 'line' : 'lines'}`];
}

/** A line end at the very end is no line of its own, and still makes another file. */
function lineEndLines(before: string, after: string): string[] {
  if (after === '') return [];
  if (before === '') return after.endsWith('\n') ? [] : ['  … no line end at the end'];
  if (before.endsWith('\n') === after.endsWith('\n')) return [];
  return [after.endsWith('\n') ? '  … a line end is added at the end' : '  … the line end at the end is removed'];
}

function linesOf(text: string): string[] {
  return text === '' ? [] : text.replace(/\n$/, '').split('\n');
}

/** A long one says where it ends, so that nobody takes a part for the whole. */
function commandLines(command: string | null): string[] {
  const count = command?.split('\n').length ?? 0;
  if (command === null || count <= longCommandLines) return field('command', command);
  return [`  command of ${count} lines:`, ...exact(command).split('\n').map(continued), `  (end of the ${count} lines)`];
}

/** Signs that are seen and easily taken for others, in what is run and where. */
function notLatin(request: PermissionRequest): string | null {
  const found = otherLettersOf(request);
  return found.length === 0 ? null : `not plain Latin: ${found.join(', ')}`;
}

function lineField(name: string, value: string | null): string[] {
  return value === null || value === '' ? [] : [`  ${name.padEnd(8)}${exactLine(value)}`];
}

function field(name: string, value: string | null): string[] {
  if (value === null || value === '') return [];
  const [first = '', ...rest] = exact(value).split('\n');
  return [`  ${name.padEnd(8)}${first}`, ...rest.map(continued)];
}

function continued(line: string): string {
  return `${' '.repeat(10)}${line}`;
}

function indent(line: string): string {
  return `  ${line}`;
}
