import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { exampleFile, exampleText } from '../../scripts/env-example.ts';
import { defaultSettings, settingNames, variableOf } from '../../server/protocol/settings.ts';
import { othersVariables, personsVariables, unknownVariables } from '../../server/service/environment-table.ts';
import { environmentSettings } from '../../server/settings/environment-settings.ts';
import { readSourceFiles } from '../support/source-files.ts';

const settings = settingNames.map(variableOf);
const sources = readSourceFiles('{server,extension}/**/*.ts').filter(({ path }) => path !== 'server/service/environment-table.ts');

/** How variables are read: by their name behind an environment, as a word of ours, or taken apart. */
function readIn(text: string): string[] {
  const direct = [...text.matchAll(/\b(?:env|environment)\??\.([A-Z][A-Z0-9_]+)\b/g)].map(([, name]) => name ?? '');
  const ours = [...text.matchAll(/['"`$]\{?((?:AGOR|AGENT_RELAY)_[A-Z0-9_]+)\b/g)].map(([, name]) => name ?? '');
  const apart = [...text.matchAll(/\{([^{}]*)\}\s*=\s*(?:process\.env|env|environment)\b/g)].flatMap(([, words]) => [
    ...(words ?? '').matchAll(/\b[A-Z][A-Z0-9_]+\b/g),
  ]);
  return [...direct, ...ours, ...apart.map(([name]) => name)];
}

test('the example is what its script writes', () => {
  assert.equal(readFileSync(exampleFile, 'utf8'), exampleText(), 'Run: node scripts/env-example.ts');
});

test('every variable that the product reads is known, and one for a person is in the example', () => {
  const read = new Set(sources.flatMap(({ text }) => readIn(text)));
  const known = new Set([...settings, ...personsVariables.map(({ name }) => name), ...othersVariables]);
  // Names that are put together while it runs.
  const prefixes = ['AGOR_HELD_', 'AGOR_'];
  assert.deepEqual(
    [...read].filter((name) => !known.has(name) && !prefixes.includes(name)),
    [],
  );
});

test('every variable that the table names is read, but for the time zone, which Node reads itself', () => {
  const read = new Set(sources.flatMap(({ text }) => readIn(text)));
  const loose = sources.map(({ text }) => text).join('\n');
  const unread = [...personsVariables.map(({ name }) => name), ...othersVariables].filter(
    (name) => !read.has(name) && !loose.includes(name),
  );
  assert.deepEqual(
    unread.filter((name) => name !== 'TZ'),
    [],
  );
});

test('every setting is in the example with a sentence and its default, which can be read back', () => {
  const example = exampleText();
  for (const variable of settings) assert.match(example, new RegExp(`^# .{10,}\\n#${variable}=`, 'm'));
  const lines = example.split('\n').filter((line) => settings.some((name) => line.startsWith(`#${name}=`)));
  const env = Object.fromEntries(lines.map((line) => [line.slice(1, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]));
  // One that is empty says nothing, and so does its variable.
  const isSaid = (value: unknown) => value !== '' && (!Array.isArray(value) || value.length > 0);
  const defaults = Object.fromEntries(Object.entries(defaultSettings).filter(([, value]) => isSaid(value)));
  assert.deepEqual(environmentSettings(env), defaults);
});

test('a name like ours that nobody reads is found', () => {
  assert.deepEqual(unknownVariables({ AGOR_TURN_MAX: '1', AGOR_TURNS_MAX: '1', AGOR_DATA_DIR: '/d', PATH: '' }, settings), [
    'AGOR_TURN_MAX',
  ]);
});
