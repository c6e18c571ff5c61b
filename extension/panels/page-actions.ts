/** What a page may make VS Code do: open a link after a question, a file of the project, a proposed change, or copy text. */
import { realpath, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { basename, join } from 'node:path';
import { commands, env, l10n, Range, Uri, window, workspace } from 'vscode';
import { AgorError } from '../../server/protocol/errors.ts';
import { openableLink, pathInProject } from '../text/links.ts';
import type { VirtualDocuments } from '../text/virtual-documents.ts';

export async function openLink(href: string): Promise<void> {
  const link = openableLink(href);
  if (!link) throw new AgorError('refused', l10n.t('Only web and mail links can be opened, and this is neither: {0}', href.slice(0, 200)));
  const open = l10n.t('Open Link');
  const copy = l10n.t('Copy Link');
  const question = l10n.t('An agent wrote this link. Do you want to open it?');
  const answer = await window.showInformationMessage(question, { modal: true, detail: link }, open, copy);
  if (answer === open) await env.openExternal(Uri.parse(link, true));
  if (answer === copy) await env.clipboard.writeText(link);
}

/** Lines count from 1. Symbolic links that lead out of the project are refused like any other way out. */
export async function openProjectFile(projectPath: string, path: string, line: number | undefined): Promise<void> {
  const file = await existingFile(projectPath, path);
  const start = Math.max(0, (line ?? 1) - 1);
  await window.showTextDocument(Uri.file(file), { preview: true, ...(line ? { selection: new Range(start, 0, start, 0) } : {}) });
}

type ProposedChange = { readonly path: string; readonly oldText: string | null; readonly newText: string };

export async function openDiff(documents: VirtualDocuments, change: ProposedChange): Promise<void> {
  const before = documents.add(change.path, change.oldText ?? '');
  const after = documents.add(change.path, change.newText);
  const name = basename(change.path);
  const title = change.oldText === null ? l10n.t('{0} (new file)', name) : l10n.t('{0} (proposed change)', name);
  await commands.executeCommand('vscode.diff', before, after, title, { preview: true });
}

/** The name comes from an agent: its last part only is offered, and the person decides where the bytes go. */
export async function saveAttachment(name: string, read: () => Promise<string>): Promise<void> {
  const folder = workspace.workspaceFolders?.[0]?.uri.fsPath ?? homedir();
  const defaultUri = Uri.file(join(folder, basename(name) || 'attachment'));
  const target = await window.showSaveDialog({ defaultUri, title: l10n.t('Save Attachment') });
  if (target) await writeFile(target.fsPath, Buffer.from(await read(), 'base64'));
}

async function existingFile(projectPath: string, path: string): Promise<string> {
  const inside = pathInProject(projectPath, path);
  const file = inside && (await realpath(inside).catch(() => undefined));
  if (inside && !file) throw new AgorError('notFound', l10n.t('There is no file {0} in the project.', path));
  if (file && pathInProject(await realpath(projectPath), file)) return file;
  throw new AgorError('refused', l10n.t('{0} is not in the project, so it is not opened from here.', path));
}
