/**
 * The example of an environment for a backend without windows, from the tables that the backend itself reads.
 *   node scripts/env-example.ts      writes server/.env.example
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { defaultSettings, settingNames, variableOf } from '../server/protocol/settings.ts';
import { formerVariables, personsVariables } from '../server/service/environment-table.ts';
import { root } from './environment.ts';

export const exampleFile = join(root, 'server', '.env.example');

const head = `# The environment of a backend without windows. Written by scripts/env-example.ts.
# A service reads it from backend.env in the folder of the configuration; lines that begin with # have no effect.
# Secrets do not belong here: give them by LoadCredential= of systemd, or by "agor serve --secrets-fd".
`;

const settingsHead = `# Settings: what stands here goes before what "agor config set" or VS Code's settings say, and "agor config list" shows it.
# Several values of one setting are separated by commas.
`;

const formerHead = '# What other orchestrators call it, and what it is here:';

if (import.meta.main ?? process.argv[1] === import.meta.filename) writeFileSync(exampleFile, exampleText());

export function exampleText(): string {
  const texts: Record<string, string> = JSON.parse(readFileSync(join(root, 'package.nls.json'), 'utf8'));
  const settings = settingNames.map((name) =>
    entry(variableOf(name), plain(texts[`setting.${name}`] ?? ''), valueText(defaultSettings[name])),
  );
  const variables = personsVariables.map(({ name, says, standard }) => entry(name, says, standard ?? ''));
  const former = formerVariables.map(([theirs, here]) => `#   ${theirs} -> ${here}`);
  return `${[head, ...variables, settingsHead, ...settings, formerHead, ...former].join('\n')}\n`;
}

function entry(name: string, says: string, value: string): string {
  return `# ${says}\n#${name}=${value}\n`;
}

function valueText(value: unknown): string {
  return Array.isArray(value) ? value.join(',') : String(value);
}

/** Without VS Code's links between settings. */
function plain(text: string): string {
  return text
    .replaceAll(/`?#?agor\.([\w.]+)#?`?/g, '$1')
    .replaceAll('`', '')
    .replaceAll('\n', ' ');
}
