/** `agor config`: what is set for the whole backend; in VS Code, the settings `agor.*`. */
import { resolve } from 'node:path';
import { Argument, type Command } from 'commander';
import { AgorError } from '../../protocol/errors.ts';
import { defaultSettings, type SettingName, settingNames, variableOf } from '../../protocol/settings.ts';
import { group } from '../command-group.ts';
import { type Invocation, run } from '../invocation.ts';
import type { Outcome } from '../output.ts';
import { oneLine } from '../printable.ts';
import { table } from '../table.ts';

type Source = 'environment' | 'set' | 'default';
type Shown = { readonly name: SettingName; readonly value: unknown; readonly isSet: boolean; readonly source: Source };

const help = `
Changes act at once, or, where they are about an agent's program, when it is started the next time. A list is given as
several words, and emptied with no word at all. What the backend's environment sets (turns.max is AGOR_TURNS_MAX) goes
before all of it, until the backend is started without.

Examples:
  agor config set turns.max 8
  agor config set sandbox.ports 443 8080
  agor config set sandbox.readOnlyPaths ~/.gitconfig
  agor config unset turns.max`;

export function addConfigCommands(program: Command): void {
  const config = group(program, { name: 'config', description: 'Settings: show and change them.' }).addHelpText('after', help);
  const name = () => new Argument('<name>', 'as in the list').choices(settingNames);
  config.command('list').summary('list all settings').description('Lists all settings with their values.').action(run(listSettings));
  config
    .command('get')
    .summary('show one setting')
    .description('Shows the value of a setting.')
    .addArgument(name())
    .action(run(getSetting));
  config
    .command('set')
    .summary('change a setting')
    .description('Changes a setting.')
    .addArgument(name())
    .argument('[value...]', 'the new value; several words for a list')
    .action(run(setSetting));
  config
    .command('unset')
    .summary('take a setting back to its default')
    .description('Takes a setting back to its default.')
    .addArgument(name())
    .action(run(unsetSetting));
}

async function listSettings(invocation: Invocation): Promise<Outcome> {
  const settings = await shownSettings(invocation);
  const rows = settings.map((setting) => [setting.name, valueText(setting.value), sourceText(setting)]);
  return { json: { settings }, lines: () => table(['NAME', 'VALUE', ''], rows) };
}

async function getSetting(invocation: Invocation, name: string): Promise<Outcome> {
  return outcomeOf(await shown(invocation, name));
}

async function setSetting(invocation: Invocation, name: SettingName, words: readonly string[]): Promise<Outcome> {
  const value = typedValue(name, words, invocation.cwd);
  const backend = await invocation.backend();
  await backend.call('settings/put', { values: { [name]: value } });
  const setting = await shown(invocation, name);
  const { json, lines } = outcomeOf(setting);
  const remark = `${variableOf(name)} in the backend's environment goes before what was set just now.`;
  return { json, lines: (style) => [...lines(style), ...(setting.source === 'environment' ? [remark] : [])] };
}

async function unsetSetting(invocation: Invocation, name: string): Promise<Outcome> {
  const backend = await invocation.backend();
  await backend.call('settings/put', { values: { [name]: null } });
  return outcomeOf(await shown(invocation, name));
}

/** What was typed, as the setting has it; the backend says what is wrong with it. Paths are meant from `cwd`. */
export function typedValue(name: SettingName, words: readonly string[], cwd: string): unknown {
  const isList = Array.isArray(defaultSettings[name]);
  if (isList && name.endsWith('Paths')) return words.map((word) => resolve(cwd, word));
  if (isList) return words.map(numberOrText);
  const [word, ...others] = words;
  if (word === undefined || others.length > 0) throw new AgorError('badRequest', `${name} has one value; give it as one word.`);
  if (typeof defaultSettings[name] === 'boolean' && /^(true|false)$/.test(word)) return word === 'true';
  return numberOrText(word);
}

function numberOrText(word: string): number | string {
  return /^-?\d+(\.\d+)?$/.test(word) ? Number(word) : word;
}

async function shownSettings(invocation: Invocation): Promise<Shown[]> {
  const backend = await invocation.backend();
  const { values, environment } = await backend.call('settings/get', {});
  return settingNames.map((name) => {
    const source = name in environment ? 'environment' : name in values ? 'set' : 'default';
    const value = environment[name] ?? values[name] ?? defaultSettings[name];
    return { name, value, isSet: name in values, source };
  });
}

async function shown(invocation: Invocation, name: string): Promise<Shown> {
  const setting = (await shownSettings(invocation)).find((each) => each.name === name);
  if (!setting) throw new AgorError('notFound', `There is no setting "${name}".`);
  return setting;
}

function sourceText({ name, source, isSet }: Shown): string {
  if (source !== 'environment') return source === 'set' ? '' : source;
  return `${variableOf(name)}${isSet ? ', before what is set' : ''}`;
}

function outcomeOf(setting: Shown): Outcome {
  return { json: setting, lines: () => [valueText(setting.value)] };
}

function valueText(value: unknown): string {
  return oneLine(Array.isArray(value) ? value.join(' ') || '(none)' : String(value), 1000);
}
