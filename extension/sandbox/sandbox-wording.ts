/** How a fence is told in words: one short phrase, and the sentences behind it. */
import type { SandboxState } from '../../server/protocol/sandbox.ts';
import type { Translate } from '../text/translate.ts';

type FenceSummary = { readonly icon: string; readonly text: string; readonly severity: 'normal' | 'warning' };

/** For one agent, or for the machine; `null` is not yet found out. */
export function fenceSummary(state: SandboxState | null, t: Translate): FenceSummary {
  const text = t('Sandbox: {0}', fencePhrase(state, t));
  if (state?.files === 'off') return { icon: 'unlock', text, severity: 'warning' };
  return { icon: 'shield', text, severity: state?.files === 'partial' ? 'warning' : 'normal' };
}

/** The same where "Sandbox" is said already. */
export function fencePhrase(state: SandboxState | null, t: Translate): string {
  if (!state) return t('not checked yet');
  if (state.files === 'off') return t('off');
  const network = networkWord(state, t);
  if (state.files === 'full') return t('full, network {0}', network);
  return t('partial, {0}, network {1}', state.gaps.length === 1 ? t('1 gap') : t('{0} gaps', state.gaps.length), network);
}

/** What a person should know of it, and can do about it. */
export function fenceSentences(state: SandboxState | null, t: Translate): string[] {
  if (!state) return [];
  const approvals = state.files === 'off' ? [t('Agents can do what you can do, and approvals are not protected from them.')] : [];
  return [...approvals, ...state.gaps, ...(state.remedy ? [state.remedy] : [])];
}

function networkWord({ network }: SandboxState, t: Translate): string {
  return { none: t('none'), ports: t('by ports'), open: t('open') }[network];
}
