/** Who answers the questions of an agent, in words. Pure. */
import type { Agent, AgentMode } from '../../server/protocol/agent.ts';
import { fencePhrase } from '../sandbox/sandbox-wording.ts';
import type { Translate } from '../text/translate.ts';

type ModeWords = { readonly label: string; readonly icon: string; readonly detail: string };

export function modeWords(mode: AgentMode, t: Translate): ModeWords {
  const words: Record<AgentMode, ModeWords> = {
    ask: { label: t('Ask'), icon: 'account', detail: t('You answer what no rule answers. The usual mode.') },
    restricted: { label: t('Restricted'), icon: 'lock', detail: t('What no rule allows is denied at once; nobody is asked.') },
    autonomous: {
      label: t('Autonomous'),
      icon: 'rocket',
      detail: t('Everything is allowed without asking, except what a rule forbids, while the sandbox is at work.'),
    },
  };
  return words[mode];
}

/** Beside an agent's name; nothing for the usual mode. */
export function modeTag({ mode }: Agent, t: Translate): string[] {
  if (mode === 'ask') return [];
  return [mode === 'autonomous' ? t('autonomous') : t('restricted')];
}

/** What stands between an autonomous agent and everything else, before a person agrees to it. */
export function autonomyDetail({ sandbox, openApprovals }: Agent, t: Translate): string {
  const fence = t('Sandbox: {0}', fencePhrase(sandbox, t));
  const isAtWork = sandbox?.files === 'full' || sandbox?.files === 'partial';
  const effect = isAtWork
    ? t(
        'It no longer asks you, except where a rule forbids it or an incident lasts. What it does stays in its conversation and in the audit log.',
      )
    : t('It goes on asking you until its sandbox is at work.');
  const open = openApprovals > 0 && isAtWork ? [t('What it asks now still waits for your answer.')] : [];
  return [fence, ...(sandbox?.gaps ?? []).map((gap) => `• ${gap}`), '', effect, ...open].join('\n');
}
