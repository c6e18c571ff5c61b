/** The catalogue of agents in the words of the command line. Pure. */
import type { AgentTrait } from '../protocol/agent-kinds.ts';
import type { CatalogueEntry, Installation } from '../protocol/catalogue.ts';
import { oneLine } from './printable.ts';

/** What one has to do without. */
const lacking: Readonly<Record<AgentTrait, string>> = {
  tokens: 'no token counts',
  cost: 'no cost',
  asks: 'does not ask before tools',
  interrupt: 'cannot be interrupted',
  resume: 'cannot resume',
  errors: 'errors only as text',
  retries: 'retries are not told',
};

export function lackText(trait: AgentTrait): string {
  return lacking[trait];
}

export function installationText({ installation, install, name }: CatalogueEntry): string {
  switch (installation.state) {
    case 'installed':
      return `Its program is ${installedText(installation)}.`;
    case 'missing':
      return install === null
        ? `${name} is not on your PATH. Install it as its makers describe.`
        : `${name} is not on your PATH. Install it with: ${install}`;
    case 'writable':
      return `Agents can write ${oneLine(installation.file, 4096)}, so it was not asked for its version.`;
    case 'builtIn':
      return 'Nothing is to be installed for it.';
  }
}

function installedText({ file, version }: Extract<Installation, { state: 'installed' }>): string {
  return `${oneLine(file, 4096)}${version === null ? '' : `, version ${oneLine(version, 40)}`}`;
}
