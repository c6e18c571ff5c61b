/** A question of an agent in the words of VS Code's lists: who asks, of which kind, since when, and until when. Pure. */
import type { ToolKind } from '../../server/protocol/agent-event.ts';
import type { Approval } from '../../server/protocol/approval.ts';
import type { FleetState } from '../fleet/fleet-model.ts';
import type { Translate } from '../text/translate.ts';
import { oneLine } from '../text/visible-text.ts';
import { timeAgo } from '../text/wording.ts';

export type Asker = { readonly agent: string; readonly project: string };

/** A question that was shown: what is answered is bound to its hash. */
export type ShownQuestion = { readonly id: string; readonly hash: string };

export type DecisionRow = {
  readonly label: string;
  readonly description: string;
  readonly icon: string;
  readonly context: string;
  readonly spoken: string;
  /** Names and values for the tooltip, in this order. */
  readonly facts: readonly (readonly [string, string])[];
};

/** First in, first out, whoever asks. */
export function inOrder(approvals: readonly Approval[]): Approval[] {
  return [...approvals].sort((a, b) => a.askedAt - b.askedAt || (a.id < b.id ? -1 : 1));
}

/** Those that one answer may be given to together. */
export function ofTheSameKind(approvals: readonly Approval[], { kind, projectId }: Approval): Approval[] {
  return inOrder(approvals).filter((one) => one.kind === kind && one.projectId === projectId);
}

export function keyOf({ id, hash }: ShownQuestion): string {
  return `${id} ${hash}`;
}

export function askerOf({ agents, projects }: FleetState, { agentId, projectId }: Approval, t: Translate): Asker {
  return {
    agent: agents.find(({ id }) => id === agentId)?.name ?? t('An agent'),
    project: projects.find(({ id }) => id === projectId)?.name ?? '',
  };
}

export function questionIcon(kind: ToolKind): string {
  const icons: Record<ToolKind, string> = {
    read: 'file',
    edit: 'edit',
    delete: 'trash',
    move: 'file-symlink-file',
    search: 'search',
    execute: 'terminal',
    think: 'lightbulb',
    fetch: 'globe',
    other: 'question',
  };
  return icons[kind];
}

/** Empty where there is no limit. */
export function timeLeft({ expiresAt }: Approval, nowMs: number, t: Translate): string {
  if (expiresAt === null) return '';
  const minutes = Math.ceil(Math.max(0, expiresAt - nowMs) / 60_000);
  if (minutes <= 1) return t('less than a minute left');
  if (minutes < 60) return t('{0} minutes left', minutes);
  const hours = Math.floor(minutes / 60);
  return hours === 1 ? t('1 hour left') : t('{0} hours left', hours);
}

/** Who asks, how long already, how long still, of which kind and where: the first words are what a narrow list shows. */
export function questionParts(approval: Approval, asker: Asker, nowMs: number, t: Translate): string[] {
  const { kindLabel, askedAt, request } = approval;
  // What is a kind by itself is named after its command, which is shown anyway.
  const isSaid = [request.command, request.title].some((text) => text?.startsWith(kindLabel.replace(/…$/, '')));
  return [asker.agent, timeAgo(askedAt, nowMs, t), timeLeft(approval, nowMs, t), isSaid ? '' : kindLabel, asker.project].filter(Boolean);
}

/** Where it would run, which program that is, and the command or the files: the longest stands last, so that it hides nothing. */
export function questionTarget({ request: { command, content, cwd, resolved } }: Approval, t: Translate): string {
  const paths = content.flatMap((part) => (part.type === 'diff' ? [part.path] : []));
  const isSaid = resolved === null || command?.split(' ')[0] === resolved;
  return [cwd === null ? '' : t('in {0}', cwd), isSaid ? '' : resolved, command ?? paths.join(', ')].filter(Boolean).join(' · ');
}

/** The one folder whose files are asked about; undefined for anything else, and for files of the project's own folder. */
export function folderOf({ request: { command, content } }: Approval): string | undefined {
  if (command !== null) return undefined;
  const folders = new Set(content.flatMap((part) => (part.type === 'diff' ? [part.path.slice(0, part.path.lastIndexOf('/') + 1)] : [])));
  const [folder] = folders;
  return folders.size === 1 && folder !== '' && folder !== '/' ? folder : undefined;
}

export function decisionRow(approval: Approval, fleet: FleetState, nowMs: number, t: Translate): DecisionRow {
  const { request, kindLabel, askedAt } = approval;
  const asker = askerOf(fleet, approval, t);
  const description = questionParts(approval, asker, nowMs, t).map(oneLine).join(' · ');
  const facts: [string, string | null][] = [
    [t('Agent'), asker.agent],
    [t('Project'), asker.project || null],
    [t('Kind'), kindLabel],
    [t('Command'), request.command],
    [t('Folder'), request.cwd],
    [t('Program'), request.resolved],
    [t('Asked'), timeAgo(askedAt, nowMs, t)],
    [t('Time left'), timeLeft(approval, nowMs, t) || null],
  ];
  return {
    label: oneLine(request.title),
    description,
    icon: questionIcon(request.toolKind),
    context: contextOf(approval, fleet.approvals),
    spoken: t('{0} asks: {1}', oneLine(asker.agent), [oneLine(request.title), description].join(', ')),
    facts: facts.flatMap(([name, value]) => (value === null ? [] : [[name, shortened(oneLine(value))] as const])),
  };
}

const tooltipChars = 500;

/** All of it is in the document that opens. */
function shortened(text: string): string {
  return text.length > tooltipChars ? `${text.slice(0, tooltipChars)}…` : text;
}

/** For example `decision.session.many`: what a menu offers for it. */
function contextOf(approval: Approval, open: readonly Approval[]): string {
  if (approval.request.form) return 'decision.form.one';
  const session = approval.request.decisions.includes('allowSession') ? 'session' : 'once';
  return `decision.${session}.${ofTheSameKind(open, approval).length > 1 ? 'many' : 'one'}`;
}
