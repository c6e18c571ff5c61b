/** Settings that the environment makes, for a backend that nobody clicks in: `turns.max` is `AGOR_TURNS_MAX`. Pure. */
import * as z from 'zod/mini';
import { AgorError } from '../protocol/errors.ts';
import { defaultSettings, type SettingName, type Settings, settingNames, settingSchemas, variableOf } from '../protocol/settings.ts';
import { expectation } from './expectation.ts';

/** Throws `badRequest` by the name of the first variable whose value cannot be used; an empty one is not set. */
export function environmentSettings(env: NodeJS.ProcessEnv): Partial<Settings> {
  const set = settingNames.flatMap((name) => {
    const text = env[variableOf(name)]?.trim();
    return text ? [[name, checkedValue(name, text)] as const] : [];
  });
  // Each was checked against the schema of its own name.
  return Object.fromEntries(set) as Partial<Settings>;
}

function checkedValue(name: SettingName, text: string): unknown {
  const parsed = z.safeParse(settingSchemas[name], asTyped(name, text));
  if (parsed.success) return parsed.data;
  const what = `${variableOf(name)} cannot be ${JSON.stringify(text)}: ${expectation(parsed.error.issues[0])}.`;
  throw new AgorError('badRequest', `${what} Correct it, or take it out of the environment.`);
}

function asTyped(name: SettingName, text: string): unknown {
  const standard = defaultSettings[name];
  if (Array.isArray(standard)) return text.split(/[\s,]+/).flatMap((word) => (word === '' ? [] : [wordOf(word)]));
  if (typeof standard === 'boolean' && /^(true|false)$/.test(text)) return text === 'true';
  return wordOf(text);
}

function wordOf(word: string): number | string {
  return /^-?\d+(\.\d+)?$/.test(word) ? Number(word) : word;
}
