/**
 * Hands over what a person has set in VS Code's user settings: the backend serves all windows, so a workspace cannot
 * decide for it, and what was never set here is left as it is there.
 */
import { type Disposable, type LogOutputChannel, workspace } from 'vscode';
import { type SettingName, settingSchemas } from '../../server/protocol/settings.ts';
import type { Backend } from './backend.ts';
import type { Failures } from './failures.ts';

// The table's own keys; `Object.keys` forgets them.
const names = Object.keys(settingSchemas) as SettingName[];

type Handed = { readonly backend: Backend; readonly failures: Failures; readonly log: LogOutputChannel };

export function handOverSettings({ backend, failures, log }: Handed): Disposable[] {
  const put = async (changed: readonly SettingName[]) => {
    const values = valuesOf(changed);
    if (Object.keys(values).length > 0) await backend.call('settings/put', { values });
  };
  return [
    backend.onDidChangeConnection(({ phase }) => {
      // A value that cannot be used is told when it is set; at each start it would only be in the way.
      if (phase === 'connected') put(names).catch((error: unknown) => log.warn(`The settings were not handed over: ${String(error)}`));
    }),
    workspace.onDidChangeConfiguration((event) => {
      const changed = names.filter((name) => event.affectsConfiguration(`agor.${name}`));
      if (changed.length > 0) putChanged(changed).catch((error: unknown) => failures.show(error));
    }),
  ];

  /** One that was taken back in the editor goes back to its default. */
  async function putChanged(changed: readonly SettingName[]): Promise<void> {
    const unset = changed.filter((name) => setByPerson(name) === undefined).map((name) => [name, null]);
    await backend.call('settings/put', { values: { ...valuesOf(changed), ...Object.fromEntries(unset) } });
  }
}

function valuesOf(wanted: readonly SettingName[]): Record<string, unknown> {
  return Object.fromEntries(wanted.map((name) => [name, setByPerson(name)]).filter(([, value]) => value !== undefined));
}

function setByPerson(name: SettingName): unknown {
  return workspace.getConfiguration('agor').inspect(name)?.globalValue;
}
