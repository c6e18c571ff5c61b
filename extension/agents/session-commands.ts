/** Commands about an agent's sessions. */
import { l10n, window } from 'vscode';
import type { Agent } from '../../server/protocol/agent.ts';
import type { Session } from '../../server/protocol/session.ts';
import type { CommandHost } from '../command-host.ts';
import { chooseAgent } from '../picks/picks.ts';
import { oneLine, pickText } from '../text/visible-text.ts';
import { timeAgo } from '../text/wording.ts';

const listedSessions = 200;

export async function newSession(host: CommandHost, argument: unknown): Promise<void> {
  const agent = await chooseAgent(host, argument, { placeHolder: l10n.t('Which agent begins a new session?') });
  if (!agent) return;
  const session = await host.backend.call('session/create', { agent: agent.id });
  host.chats.show(agent.id, session.id);
}

export async function resumeSession(host: CommandHost, argument: unknown): Promise<void> {
  const agent = await chooseAgent(host, argument, { placeHolder: l10n.t('Which agent resumes a session?') });
  if (!agent) return;
  const { sessions } = await host.backend.call('session/list', { agent: agent.id, limit: listedSessions });
  const picked = await window.showQuickPick(
    sessions.map((session) => sessionItem(session, agent)),
    { placeHolder: l10n.t('Which session does {0} go on with?', oneLine(agent.name)), matchOnDescription: true },
  );
  if (!picked) return;
  const session = await host.backend.call('session/resume', { session: picked.session.id });
  host.chats.show(agent.id, session.id);
}

function sessionItem(session: Session, agent: Agent) {
  const turns = session.turnCount === 1 ? l10n.t('1 turn') : l10n.t('{0} turns', session.turnCount);
  const current = session.id === agent.sessionId ? [l10n.t('current')] : [];
  return {
    session,
    label: pickText(session.title) || l10n.t('New session'),
    description: [timeAgo(session.lastActiveAt, Date.now(), l10n.t), turns, ...current].join(' · '),
  };
}
