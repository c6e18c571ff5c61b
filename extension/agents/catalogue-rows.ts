/** The catalogue of agents as rows to choose from: what can be used now, then what is to be installed, any command last. Pure. */
import { type AgentKind, type AgentTrait, lacksOf } from '../../server/protocol/agent-kinds.ts';
import type { CatalogueEntry } from '../../server/protocol/catalogue.ts';
import type { Translate } from '../text/translate.ts';
import { pickText } from '../text/visible-text.ts';

export type CatalogueRow =
  | { readonly kind: 'separator'; readonly label: string }
  | {
      readonly kind: 'entry';
      readonly entry: CatalogueEntry;
      readonly icon: string;
      readonly label: string;
      readonly description: string;
      readonly detail: string;
    };

const icons: Readonly<Record<AgentKind, string>> = {
  claude: 'sparkle',
  codex: 'code',
  opencode: 'bracket',
  gemini: 'star-empty',
  goose: 'feedback',
  'claude-agent-acp': 'sparkle',
  'codex-acp': 'code',
  demo: 'beaker',
  command: 'terminal',
};

export function catalogueRows(entries: readonly CatalogueEntry[], t: Translate): CatalogueRow[] {
  const isThere = ({ installation: { state } }: CatalogueEntry) => state === 'installed' || state === 'writable';
  const parts: [string, CatalogueEntry[]][] = [
    [t('On this computer'), entries.filter((entry) => isThere(entry) || entry.kind === 'demo')],
    [t('Not installed'), entries.filter(({ installation }) => installation.state === 'missing')],
    [t('Another program'), entries.filter(({ kind }) => kind === 'command')],
  ];
  return parts.flatMap(([label, members]) =>
    members.length === 0 ? [] : [{ kind: 'separator' as const, label }, ...members.map((entry) => rowOf(entry, t))],
  );
}

function rowOf(entry: CatalogueEntry, t: Translate): CatalogueRow {
  const label = entry.kind === 'demo' ? t('Demo agent') : entry.kind === 'command' ? t('Any ACP agent') : pickText(entry.name);
  return { kind: 'entry', entry, icon: icons[entry.kind], label, description: stateText(entry, t), detail: detailOf(entry, t) };
}

function stateText({ installation, kind }: CatalogueEntry, t: Translate): string {
  switch (installation.state) {
    case 'installed':
      return installation.version === null ? t('installed') : pickText(installation.version);
    case 'missing':
      return t('not installed');
    case 'writable':
      return t('lies where agents can write');
    case 'builtIn':
      return kind === 'demo' ? t('built in, without a model') : t('by its command line');
  }
}

function detailOf({ kind, provider, command, triedWith, installation }: CatalogueEntry, t: Translate): string {
  if (kind === 'demo') return t('Shows what an agent does: streams text, reads files, proposes an edit and asks for permission.');
  if (kind === 'command') return t('Any program that speaks the Agent Client Protocol on its standard input and output.');
  // That retries are not told is so for all that speak the protocol.
  const lacks = lacksOf({ provider, command, capabilities: null, usage: null }).filter((trait) => trait !== 'retries');
  const file = installation.state === 'installed' || installation.state === 'writable' ? [pickText(installation.file)] : [];
  return [...lacks.map((trait) => lackWords(trait, t)), ...(triedWith === null ? [t('not tried yet')] : []), ...file].join(' · ');
}

/** What a person has to do without, in few words. */
export function lackWords(trait: AgentTrait, t: Translate): string {
  switch (trait) {
    case 'tokens':
      return t('no token counts');
    case 'cost':
      return t('no cost');
    case 'asks':
      return t('does not ask before tools');
    case 'interrupt':
      return t('cannot be interrupted');
    case 'resume':
      return t('cannot resume');
    case 'errors':
      return t('errors only as text');
    case 'retries':
      return t('retries are not told');
  }
}
