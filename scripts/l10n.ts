/**
 * The English texts of the extension, found in its sources, as the bundle that translators copy.
 *   node scripts/l10n.ts      writes l10n/bundle.l10n.json
 */
import { globSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { auditTexts } from '../server/protocol/audit-texts.ts';
import { boardTexts } from '../server/protocol/board-texts.ts';
import { chatTexts } from '../server/protocol/chat-texts.ts';
import { commsTexts } from '../server/protocol/comms-texts.ts';
import { formTexts } from '../server/protocol/form-texts.ts';
import { metricsTexts } from '../server/protocol/metrics-texts.ts';
import { runbook, type Step } from '../server/protocol/runbook.ts';
import { root } from './environment.ts';

export const bundleFile = join(root, 'l10n', 'bundle.l10n.json');

if (import.meta.main ?? process.argv[1] === import.meta.filename) writeFileSync(bundleFile, bundleText());

/** In VS Code's form of a bundle, each text is its own key. */
export function bundleText(): string {
  const sources = globSync(['extension/**/*.ts', 'server/protocol/notice-text.ts', 'server/notices/desktop*.ts'], { cwd: root }).map(
    (file) => readFileSync(join(root, file), 'utf8'),
  );
  const texts = new Set([
    ...sources.flatMap(textsIn),
    ...Object.values(chatTexts),
    ...Object.values(commsTexts),
    ...Object.values(formTexts),
    ...Object.values(boardTexts),
    ...Object.values(metricsTexts),
    ...Object.values(auditTexts),
    ...Object.values(runbook).flatMap(({ title, when, steps }) => [title, when, ...steps.flatMap(textsOfStep)]),
  ]);
  const sorted = [...texts].sort((a, b) => (a < b ? -1 : 1));
  return `${JSON.stringify(Object.fromEntries(sorted.map((text) => [text, text])), null, 2)}\n`;
}

function textsOfStep({ title, text, phase }: Step): string[] {
  return phase === undefined ? [title, text] : [phase, title, text];
}

/** What is passed to `l10n.t`, or to the `t` that pure functions are given. */
export function textsIn(source: string): string[] {
  const calls = source.matchAll(/\b(?:l10n\.)?t\(\s*(?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)")/g);
  return [...calls].map(([, single, double]) => (single ?? double ?? '').replaceAll(/\\(.)/g, '$1'));
}
