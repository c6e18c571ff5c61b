/**
 * Honest texts from what is on disk in any clone after `npm ci`: pages of packages and of this repository, comments,
 * scripts, and the messages of commits. None is copied into the repository; the choice is the same each time for the
 * same lockfile. Half of them are about what attacks are about as well: tokens, shells, permissions, orders.
 */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { globSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../../scripts/environment.ts';

export type BenignText = { readonly source: string; readonly text: string };

const minChars = 120;
const maxChars = 4000;
const maxFileBytes = 300_000;
const sensitive =
  /security|token|password|secret|\bshell|curl |sudo|rm -|permission|credential|inject|\bprompt|ignore|overrid|bypass|api.?key|\bdisable|untrusted|sandbox|\bhook|vulnerab/i;

/** `count` of them, half of them sensitive, in a mixed order. */
export function benignTexts(count: number): BenignText[] {
  const all = [...new Map(candidates().map((item) => [item.text, item])).values()].sort(byDigest);
  const chosen = all.filter(({ text }) => sensitive.test(text)).slice(0, Math.ceil(count / 2));
  const others = all.filter(({ text }) => !sensitive.test(text)).slice(0, count - chosen.length);
  return [...chosen, ...others].sort(byDigest);
}

function candidates(): BenignText[] {
  return [
    ...files('node_modules/**/*.md').flatMap((path) => pieces(path, sections)),
    ...files('*.md').flatMap((path) => pieces(path, sections)),
    ...files('{server,extension,webviews,test,scripts}/**/*.ts')
      .filter((path) => !isAboutAttacks(path))
      .flatMap((path) => pieces(path, comments)),
    ...files('node_modules/**/*.d.ts').flatMap((path) => pieces(path, comments)),
    ...files('node_modules/**/*.{sh,yml,yaml}').flatMap((path) => pieces(path, (text) => [text])),
    ...commitMessages(),
  ];
}

/** The rules, their tests and the attacks hold what they look for. */
function isAboutAttacks(path: string): boolean {
  return /(^|[/\\])(moderation|screening)[/\\]/.test(path);
}

function files(pattern: string): string[] {
  return globSync(pattern, { cwd: root })
    .filter((path) => statSync(join(root, path)).size <= maxFileBytes)
    .sort();
}

function pieces(path: string, cut: (text: string) => string[]): BenignText[] {
  if (!statSync(join(root, path)).isFile()) return [];
  return cut(readFileSync(join(root, path), 'utf8'))
    .filter((text) => text.trim().length >= minChars)
    .map((text) => ({ source: path, text: text.slice(0, maxChars) }));
}

function sections(text: string): string[] {
  return text.split(/\n(?=#{1,4} )/);
}

function comments(text: string): string[] {
  return text.match(/\/\*\*[\s\S]*?\*\//g) ?? [];
}

function commitMessages(): BenignText[] {
  const log = execFileSync('git', ['log', '--format=%B%x00'], { cwd: root, encoding: 'utf8' });
  return log
    .split('\0')
    .filter((text) => text.trim().length > 0)
    .map((text) => ({ source: 'git log', text }));
}

function byDigest(a: BenignText, b: BenignText): number {
  return digest(a.text) < digest(b.text) ? -1 : 1;
}

const digests = new Map<string, string>();

function digest(text: string): string {
  const known = digests.get(text) ?? createHash('sha256').update(text).digest('hex');
  digests.set(text, known);
  return known;
}
