/** What the demo agent says about a folder and its files; pure. */
import type { Entry, FileText, Listing } from './project-files.ts';

export function listingText(listing: Listing): string {
  const lines = listing.entries.map((entry) => (entry.isFolder ? `${entry.name}/` : entry.name));
  if (listing.isCut) lines.push('… and more');
  return lines.length === 0 ? '(empty)' : lines.join('\n');
}

export function describeFolder(listing: Listing): string {
  const folders = listing.entries.filter((entry) => entry.isFolder);
  const files = listing.entries.filter((entry) => !entry.isFolder);
  if (listing.entries.length === 0) return 'The folder is empty. Say `edit`, and I propose a first file for it.';
  const counts = [counted(folders.length, 'folder'), counted(files.length, 'file')].filter((count) => !count.startsWith('0 '));
  const first = `At the top of it lie ${listing.isCut ? 'at least ' : ''}${counts.map((count) => `**${count}**`).join(' and ')}.`;
  return [first, nameList('Folders', folders), kindList(files), git(listing.entries)].filter((part) => part !== '').join('\n\n');
}

/** At most two: what explains the project, and what builds it. */
export function interestingFiles(entries: readonly Entry[]): string[] {
  const names = entries.filter((entry) => !entry.isFolder).map((entry) => entry.name);
  const readme = names.find((name) => /^readme(\.(md|txt|rst))?$/i.test(name));
  const manifest = ['package.json', 'pyproject.toml', 'Cargo.toml', 'go.mod', 'pom.xml', 'Makefile'].find((name) => names.includes(name));
  const source = names.find((name) => /\.(ts|js|py|rs|go|java|c|cpp|rb|sh)$/.test(name));
  return [readme, manifest, source].filter((name) => name !== undefined).slice(0, 2);
}

const excerptLines = 12;
const excerptChars = 1_200;

/** The beginning of a file as a markdown code block. */
export function excerpt(name: string, file: FileText): string {
  const lines = file.text.slice(0, excerptChars).trimEnd().split('\n');
  const shown = lines.slice(0, excerptLines).join('\n');
  const isAll = lines.length <= excerptLines && file.text.length <= excerptChars;
  const fence = fenceFor(shown);
  return `**${name}**${isAll ? '' : ' begins like this'}:\n\n${fence}${languageOf(name)}\n${shown}\n${fence}\n\n`;
}

/** Longer than any run of backticks inside, so that the file cannot end the block. */
function fenceFor(text: string): string {
  const longest = Math.max(0, ...(text.match(/`+/g) ?? []).map((run) => run.length));
  return '`'.repeat(Math.max(3, longest + 1));
}

const languages: Readonly<Record<string, string>> = {
  ts: 'ts',
  js: 'js',
  json: 'json',
  md: 'markdown',
  py: 'python',
  rs: 'rust',
  go: 'go',
  toml: 'toml',
  sh: 'sh',
  java: 'java',
  c: 'c',
  cpp: 'cpp',
  rb: 'ruby',
  xml: 'xml',
};

function languageOf(name: string): string {
  return languages[extensionOf(name)] ?? '';
}

function extensionOf(name: string): string {
  const dot = name.lastIndexOf('.');
  return dot <= 0 ? '' : name.slice(dot + 1).toLowerCase();
}

const shownNames = 8;

function nameList(label: string, entries: readonly Entry[]): string {
  if (entries.length === 0) return '';
  const names = entries.slice(0, shownNames).map((entry) => `\`${entry.name.replaceAll('`', "'")}/\``);
  const more = entries.length > shownNames ? ` and ${entries.length - shownNames} more` : '';
  return `${label}: ${names.join(', ')}${more}.`;
}

/** "3 × .ts" and the like, the most frequent first. */
function kindList(files: readonly Entry[]): string {
  const counts = new Map<string, number>();
  for (const file of files) {
    const kind = extensionOf(file.name);
    counts.set(kind, (counts.get(kind) ?? 0) + 1);
  }
  const sorted = [...counts].sort((a, b) => b[1] - a[1]).slice(0, shownNames);
  return sorted.map(([kind, count]) => `- ${count} × ${kind === '' ? 'without an ending' : `\`.${kind}\``}`).join('\n');
}

function git(entries: readonly Entry[]): string {
  return entries.some((entry) => entry.name === '.git') ? 'It is under version control with git.' : '';
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
