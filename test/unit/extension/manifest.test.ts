import assert from 'node:assert/strict';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { commandIds } from '../../../extension/command-ids.ts';
import { root } from '../../../scripts/environment.ts';
import { bundleFile, bundleText, textsIn } from '../../../scripts/l10n.ts';
import { defaultSettings } from '../../../server/protocol/settings.ts';

const read = (file: string) => readFileSync(join(root, file), 'utf8');
const manifest = JSON.parse(read('package.json'));
const { contributes } = manifest;
const nls: Record<string, string> = JSON.parse(read('package.nls.json'));

test('every command has a handler, and every handler is contributed', () => {
  const contributed = contributes.commands.map(({ command }: { command: string }) => command);
  assert.deepEqual([...contributed].sort(), [...commandIds].sort());
});

test('every command is of the category Agor and has a title in Title Case', () => {
  for (const { category, title } of contributes.commands) {
    assert.equal(category, 'Agor');
    const text = nls[title.replaceAll('%', '')] ?? '';
    assert.match(text, /^[A-Z]/, title);
    for (const word of text.split(' ')) assert.match(word, /^([A-Z]|as$|of$|for$)/, text);
  }
});

test('menus name only commands that exist', () => {
  const used = Object.values<{ command: string }[]>(contributes.menus).flatMap((items) => items.map(({ command }) => command));
  assert.deepEqual(
    used.filter((command) => !commandIds.some((id) => id === command)),
    [],
  );
});

test('every text of the manifest is in package.nls.json, and each of those is used', () => {
  const used = new Set([...read('package.json').matchAll(/"%([\w.]+)%"/g)].map(([, key]) => key));
  assert.deepEqual([...used].sort(), Object.keys(nls).sort());
});

test('links of welcome views run commands that exist', () => {
  const links = Object.values(nls).flatMap((text) => [...text.matchAll(/\(command:([\w.]+)\)/g)].map(([, command]) => command ?? ''));
  assert.deepEqual(
    links.filter((command) => command.startsWith('agor.') && !commandIds.some((id) => id === command)),
    [],
  );
});

test('every setting says what it is, and paths are set for the machine only', () => {
  for (const [name, setting] of Object.entries<Record<string, unknown>>(contributes.configuration.properties)) {
    assert.match(name, /^agor\./);
    assert.ok(setting.markdownDescription && setting.scope, name);
  }
  assert.equal(contributes.configuration.properties['agor.dataDir'].scope, 'machine');
});

test('what the backend takes unless it is told otherwise is what the editor says', () => {
  const properties: Record<string, { readonly default: unknown }> = contributes.configuration.properties;
  for (const [name, value] of Object.entries(defaultSettings)) assert.deepEqual(properties[`agor.${name}`]?.default, value, name);
});

test('context keys that the manifest asks for are set in the one place that sets them', () => {
  const asked = new Set([...read('package.json').matchAll(/\bagor\.(connection|trusted|has\w+)/g)].map(([key]) => key));
  const keys = read('extension/context-keys.ts');
  for (const key of asked) assert.ok(keys.includes(`'${key}'`), key);
});

test('icons of the manifest exist', () => {
  const files = [...read('package.json').matchAll(/"(media\/[\w.-]+)"/g)].map(([, file]) => file ?? '');
  assert.ok(files.includes(manifest.icon));
  for (const file of files) {
    assert.ok(existsSync(join(root, file)), file);
  }
});

test('the bundle for translators holds every text of the extension; node scripts/l10n.ts writes it', () => {
  assert.equal(readFileSync(bundleFile, 'utf8'), bundleText());
});

test('no text is put together where the bundle cannot find it', () => {
  for (const file of globSync('extension/**/*.ts', { cwd: root })) {
    const source = read(file);
    const calls = source.match(/\b(?:l10n\.t|(?<![.\w])t)\((?!text\))/g)?.length ?? 0;
    assert.equal(textsIn(source).length, calls, file);
  }
});
