/**
 * What a question may be answered together with, from the request alone: commands by their program and its subcommand, changes
 * of files by one folder, other tools by their name. Whatever is not plainly one of these is a kind by itself. Pure.
 */
import { createHash } from 'node:crypto';
import { changedPaths, changesFiles } from '../base/changed-files.ts';
import { plainWords } from '../base/plain-command.ts';
import { isPlainPath } from '../base/plain-path.ts';
import type { PermissionRequest } from '../protocol/agent-event.ts';

export type RequestKind = { readonly kind: string; readonly kindLabel: string };

/** What these run stands in their arguments. */
const interpreters =
  /^(?:(?:ba|z|da|k|fi)?sh|env|sudo|doas|su|xargs|nice|nohup|timeout|setsid|stdbuf|watch|ssh|docker|podman|nsenter|unshare|eval|node|nodejs|deno|bun|bunx|npx|python[\d.]*|pypy[\d.]*|ruby|perl|php|lua|awk|gawk|sed|osascript|pwsh|powershell)$/;
const subcommand = /^[a-z][a-z0-9:_-]*$/;
const labelChars = 80;

export function kindOf(request: PermissionRequest): RequestKind {
  // One person's values are no answer to another form.
  if (request.form) return exactKind(request, request.title);
  if (request.command !== null) return commandKind(request, request.command);
  if (changesFiles(request)) return filesKind(request);
  const { toolName, toolKind } = request;
  // Of a tool that runs something and does not say what, the name says too little.
  if (toolKind === 'execute') return exactKind(request, request.title);
  return { kind: JSON.stringify(['tool', toolName]), kindLabel: shortened(toolName) };
}

function commandKind(request: PermissionRequest, command: string): RequestKind {
  const { toolName, resolved, content } = request;
  const [program, second] = plainWords(command) ?? [];
  const name = program?.split('/').at(-1) ?? '';
  if (program === undefined || resolved === null || interpreters.test(name) || content.length > 0) return exactKind(request, command);
  const sub = second !== undefined && subcommand.test(second) ? second : '';
  return {
    kind: JSON.stringify(['program', toolName, resolved, sub]),
    kindLabel: shortened(`${[program, sub].filter(Boolean).join(' ')} (${toolName})`),
  };
}

function filesKind(request: PermissionRequest): RequestKind {
  const paths = changedPaths(request);
  if (!paths.every(isPlainPath)) return exactKind(request, paths.join(', '));
  const [folder = '', ...others] = [...new Set(paths.map(firstFolder))];
  if (others.length > 0) return exactKind(request, paths.join(', '));
  const { toolName } = request;
  return { kind: JSON.stringify(['files', toolName, folder]), kindLabel: shortened(`${folder || './'} (${toolName})`) };
}

/** Of a path in the project its first folder; of one outside the folder that it is in. */
function firstFolder(path: string): string {
  const end = path.startsWith('/') ? path.lastIndexOf('/') : path.indexOf('/');
  return path.slice(0, end + 1);
}

function exactKind({ toolName, command, cwd, resolved, content, title, form }: PermissionRequest, label: string): RequestKind {
  const what = command === null ? title : '';
  const whole = JSON.stringify([toolName, command, cwd, resolved, content, what, ...(form ? [form] : [])]);
  return { kind: JSON.stringify(['exact', createHash('sha256').update(whole).digest('hex')]), kindLabel: shortened(label) };
}

function shortened(label: string): string {
  const signs = [...label];
  return signs.length <= labelChars ? label : `${signs.slice(0, labelChars - 1).join('')}…`;
}
