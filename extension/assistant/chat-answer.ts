/** What `@agor` answers, as Markdown in which nothing that an agent wrote is more than text. */
import type { Agent } from '../../server/protocol/agent.ts';
import type { Project } from '../../server/protocol/project.ts';
import type { Result } from '../../server/protocol/requests.ts';
import type { Task, TaskState } from '../../server/protocol/task.ts';
import type { Team } from '../../server/protocol/team.ts';
import type { Translate } from '../text/translate.ts';
import { oneLine } from '../text/visible-text.ts';
import { countApprovals, describeAgent } from '../text/wording.ts';

/**
 * Every sign that Markdown, its tables, its formulas or its links are made of. A colon, a dot and an at sign are among them,
 * because addresses become links by themselves.
 */
const signs = /[\\`*_{}[\]()<>#+\-.!|~$&:@/^="']/g;

export function asText(text: string): string {
  return oneLine(text.replace(/\s+/g, ' ').trim()).replace(signs, (sign) => `\\${sign}`);
}

export type FleetNow = { readonly projects: readonly Project[]; readonly agents: readonly Agent[]; readonly openApprovals: number };

export function statusAnswer({ projects, agents, openApprovals }: FleetNow, t: Translate): string {
  if (agents.length === 0) return t('There is no agent yet.');
  const blocks = projects.flatMap((project) => {
    const lines = agents
      .filter(({ projectId }) => projectId === project.id)
      .map((agent) => `- **${asText(agent.name)}**: ${asText(describeAgent(agent, t))}`);
    return lines.length === 0 ? [] : [`**${asText(project.name)}**\n\n${lines.join('\n')}`];
  });
  const waiting = openApprovals === 0 ? t('Nothing waits for you.') : t('Waiting for you: {0}', countApprovals(openApprovals, t));
  return [waiting, ...blocks].join('\n\n');
}

export type Board = { readonly team: Team | undefined; readonly tasks: readonly Task[] };

/** The name of a team is told where there are several. */
export function tasksAnswer(boards: readonly Board[], t: Translate): string {
  const blocks = boards.filter(({ tasks }) => tasks.length > 0).map((board) => boardBlock(board, boards.length, t));
  return blocks.length === 0 ? t('The board has no open tasks.') : blocks.join('\n\n');
}

export function sentAnswer({ message, note }: Result<'message/send'>, t: Translate): string {
  const to = message.channel ? `#${message.channel.name}` : (message.to?.name ?? '');
  return note === null ? t('Sent to {0}.', asText(to)) : asText(note);
}

/** What can be asked, for who asks nothing. */
export function helpAnswer(t: Translate): string {
  return [
    t('I know your agents. Without a language model, I understand three commands:'),
    [
      `- \`/status\` ${t('how every agent is, and what waits for you')}`,
      `- \`/tasks\` ${t('the open tasks on the boards')}`,
      `- \`/send builder ${t('The tests are red')}\` ${t('writes to an agent, or to a #channel')}`,
    ].join('\n'),
  ].join('\n\n');
}

function boardBlock({ team, tasks }: Board, boards: number, t: Translate): string {
  const words: Record<TaskState, string> = {
    todo: t('To Do'),
    progress: t('In Progress'),
    review: t('In Review'),
    done: t('Done'),
    blocked: t('Blocked'),
    rejected: t('Rejected'),
  };
  const lines = tasks.map(({ number, title, state, assignee, isHeld }) => {
    const facts = [words[state], assignee?.name ?? t('nobody'), ...(isHeld ? [t('held')] : [])].map(asText);
    return `- **\\#${number}** ${asText(title)} (${facts.join(', ')})`;
  });
  const head = team && boards > 1 ? [`**${asText(team.name)}**`] : [];
  return [...head, lines.join('\n')].join('\n\n');
}
