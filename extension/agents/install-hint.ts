/** What can be done about an agent whose program is not there. */
import { env, l10n, type QuickPickItem, window } from 'vscode';
import type { CatalogueEntry } from '../../server/protocol/catalogue.ts';
import { type Answer, pickStep } from '../picks/pick-steps.ts';
import { pickText } from '../text/visible-text.ts';

type Item = QuickPickItem & { readonly does: 'copy' | 'type' | 'look' | 'add' };

/** "look": it may be there now. "add": the person knows better. Undefined: they do something else first. */
export async function showInstallHint(entry: CatalogueEntry): Promise<Answer<'look' | 'add'>> {
  const placeholder = entry.install === null ? l10n.t('{0} is installed as its makers describe', entry.name) : entry.install;
  const picked = await pickStep({ title: l10n.t('{0} Is Not Installed', entry.name) }, { placeholder, items: itemsFor(entry) });
  if (picked === undefined || typeof picked === 'symbol') return picked;
  if (picked.does === 'look' || picked.does === 'add') return picked.does;
  await offer(picked.does, entry.install ?? '');
  return undefined;
}

async function offer(does: 'copy' | 'type', command: string): Promise<void> {
  if (does === 'copy') {
    await env.clipboard.writeText(command);
    window.setStatusBarMessage(l10n.t('Copied: {0}', command), 5_000);
    return;
  }
  const terminal = window.createTerminal(l10n.t('Install an Agent'));
  terminal.show();
  // Typed, and left to the person to run.
  terminal.sendText(command, false);
}

function itemsFor({ install }: CatalogueEntry): Item[] {
  const byCommand: Item[] =
    install === null
      ? []
      : [
          { does: 'copy', label: `$(copy) ${l10n.t('Copy Command')}`, detail: pickText(install) },
          { does: 'type', label: `$(terminal) ${l10n.t('Type It in a Terminal')}`, detail: l10n.t('It is not run: Enter is yours.') },
        ];
  return [
    ...byCommand,
    { does: 'look', label: `$(refresh) ${l10n.t('Look Again')}`, detail: l10n.t('After it was installed.') },
    { does: 'add', label: `$(add) ${l10n.t('Add It Anyway')}`, detail: l10n.t('It cannot start before its program is there.') },
  ];
}
