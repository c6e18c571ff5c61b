/** Holds package.json together with the code and the texts it names. */
import assert from 'node:assert/strict';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { test } from 'node:test';
import { commandIds } from '../../extension/command-ids.ts';
import { root } from '../../scripts/environment.ts';

type Command = { command: string; title: string; category?: string; icon?: unknown };
type MenuEntry = { command?: string; when?: string };
type Setting = { scope?: string; description?: string; markdownDescription?: string };

const manifestText = readFileSync(join(root, 'package.json'), 'utf8');
const manifest = JSON.parse(manifestText);
const texts: Record<string, string> = JSON.parse(readFileSync(join(root, 'package.nls.json'), 'utf8'));
const contributes = manifest.contributes;
const commands: Command[] = contributes.commands;
const menus: Record<string, MenuEntry[]> = contributes.menus;

test('package.json contributes exactly the commands that have a handler', () => {
  assert.deepEqual(commands.map(({ command }) => command).sort(), [...commandIds].sort());
});

test('every command has a translatable title and a category', () => {
  const incomplete = commands.filter(({ title, category }) => !isKey(title) || !category);
  assert.deepEqual(incomplete, []);
});

test('every text that package.json names exists, and no other', () => {
  const named = [...manifestText.matchAll(/"%([\w.-]+)%"/g)].map(([, key]) => key);
  assert.deepEqual([...new Set(named)].sort(), Object.keys(texts).sort());
});

test('a window starts the extension when it has settled, or to bring back a page of ours, and for nothing else', () => {
  const pages = globSync('webviews/*/main.ts', { cwd: root }).map((file) => `onWebviewPanel:agor.${basename(dirname(file))}`);
  assert.deepEqual([...manifest.activationEvents].sort(), ['onStartupFinished', ...pages].sort());
});

test('every menu names a command that exists', () => {
  const unknown = Object.values(menus)
    .flat()
    .filter(({ command }) => command !== undefined && !commands.some((known) => known.command === command));
  assert.deepEqual(unknown, []);
});

test('a command that the palette never shows is found in another menu', () => {
  const hidden = (menus.commandPalette ?? []).filter(({ when }) => when === 'false').map(({ command }) => command);
  const elsewhere = Object.entries(menus).flatMap(([menu, entries]) => (menu === 'commandPalette' ? [] : entries));
  assert.deepEqual(
    hidden.filter((command) => !elsewhere.some((entry) => entry.command === command)),
    [],
  );
});

test('welcome texts and menus name views that exist', () => {
  const views = Object.values(contributes.views as Record<string, { id: string }[]>)
    .flat()
    .map(({ id }) => id);
  const welcomes = (contributes.viewsWelcome ?? []) as { view: string }[];
  const inWhen = Object.values(menus)
    .flat()
    .flatMap(({ when }) => [...(when ?? '').matchAll(/\bview == ([\w.]+)/g)].map(([, view]) => view ?? ''));
  assert.deepEqual(
    [...welcomes.map(({ view }) => view), ...inWhen].filter((view) => !views.includes(view)),
    [],
  );
});

test('every setting is ours, has a scope and a translatable description', () => {
  const sections = [contributes.configuration].flat() as { properties: Record<string, Setting> }[];
  const settings = sections.flatMap(({ properties }) => Object.entries(properties));
  const wrong = settings.filter(
    ([name, { scope, description, markdownDescription }]) =>
      !name.startsWith('agor.') || !scope || !isKey(description ?? markdownDescription ?? ''),
  );
  assert.deepEqual(wrong, []);
});

test('every picture that package.json names exists', () => {
  const named = [...manifestText.matchAll(/"(?:\.\/)?(media\/[^"]+)"/g)].map(([, file]) => file ?? '');
  assert.deepEqual(
    named.filter((file) => !existsSync(join(root, file))),
    [],
  );
});

test('VS Code loads the program that the build writes', () => {
  const built = JSON.parse(readFileSync(join(root, 'dist/meta/extension.json'), 'utf8'));
  assert.ok(Object.keys(built.outputs).includes(join(manifest.main)), `The build does not write ${manifest.main}.`);
});

function isKey(text: string): boolean {
  return /^%[\w.-]+%$/.test(text);
}
