/** The rows of "What Needs You", in every state there is. Pure. */

import type { Connection } from '../backend/connection.ts';
import type { Translate } from '../text/translate.ts';
import { oneLine, pickText } from '../text/visible-text.ts';
import { countAgents } from '../text/wording.ts';
import { isUrgent } from './agent-needs.ts';
import { countFleet, type NeedAction, type NeedEntry, type NeedsInput } from './needs.ts';

export type NeedRow =
  | { readonly kind: 'separator'; readonly label: string }
  /** A sentence about how things are; nothing happens when it is chosen. */
  | { readonly kind: 'note'; readonly label: string; readonly detail: string }
  | { readonly kind: 'way'; readonly label: string; readonly action: NeedAction }
  | {
      readonly kind: 'need';
      readonly key: string;
      /** Whose it is, for a title, which draws no icons. */
      readonly name: string;
      readonly label: string;
      readonly description: string;
      readonly detail: string;
      readonly actions: NeedEntry['actions'];
    };

export type RowsInput = NeedsInput & { readonly connection: Connection; readonly entries: readonly NeedEntry[] };

const reasonChars = 300;

export function needRows(input: RowsInput, t: Translate): NeedRow[] {
  const { connection, entries, fleet } = input;
  if (connection.phase === 'off' || connection.phase === 'failed') return [away(connection, t), ...ways(['restart', 'log'], t)];
  if (!fleet.isLoaded) return [{ kind: 'note', label: `$(loading~spin) ${t('Asking the backend…')}`, detail: connection.detail }];
  const urgent = entries.filter(isUrgent).map(needRow);
  const others = entries.filter((entry) => !isUrgent(entry)).map(needRow);
  return [
    ...(urgent.length > 0 ? [separator(t('Needs You Now')), ...urgent] : [nobody(input, t)]),
    ...(others.length > 0 ? [separator(t('Worth a Look')), ...others] : []),
    ...ways(fleet.agents.length === 0 ? ['add', 'health'] : ['health'], t),
  ];
}

/** The row that was chosen stays so while others come and go; when it went, the one in its place. */
export function chosenNeed(before: readonly NeedRow[], key: string | undefined, rows: readonly NeedRow[]): NeedRow | undefined {
  if (key === undefined) return undefined;
  const needs = (all: readonly NeedRow[]) => all.filter((row) => row.kind === 'need');
  const same = needs(rows).find((row) => row.key === key);
  return (
    same ??
    needs(rows)[
      Math.max(
        0,
        needs(before).findIndex((row) => row.key === key),
      )
    ] ??
    needs(rows).at(-1)
  );
}

function needRow({ key, icon, title, place, reason, actions }: NeedEntry): NeedRow {
  const [first] = actions;
  return {
    ...{ kind: 'need', key, actions, name: oneLine(title) },
    label: `$(${icon}) ${pickText(title)}`,
    description: [pickText(place), first.title].filter(Boolean).join(' · '),
    detail: pickText(shortened(reason)),
  };
}

function away({ phase, detail }: Connection, t: Translate): NeedRow {
  const label = `$(debug-disconnect) ${t('The backend is not running, so nobody can need you.')}`;
  return { kind: 'note', label, detail: phase === 'off' ? t('It starts with the first agent or view that needs it.') : pickText(detail) };
}

function nobody(input: RowsInput, t: Translate): NeedRow {
  const { agents, working } = countFleet(input, input.entries);
  if (agents === 0) return { kind: 'note', label: `$(hubot) ${t('There is no agent yet.')}`, detail: '' };
  const detail = working === 0 ? t('No agent is working.') : t('{0} of {1} working.', working, countAgents(agents, t));
  return { kind: 'note', label: `$(pass) ${t('Nobody needs you now.')}`, detail };
}

type Way = 'restart' | 'log' | 'health' | 'add';

function ways(names: readonly Way[], t: Translate): NeedRow[] {
  const all: Record<Way, NeedAction> = {
    restart: { command: 'agor.restartBackend', title: t('Restart Backend'), icon: 'debug-restart' },
    log: { command: 'agor.showLog', title: t('Show Log'), icon: 'output' },
    health: { command: 'agor.showHealth', title: t('Show Health'), icon: 'pulse' },
    add: { command: 'agor.addAgent', title: t('Add Agent'), icon: 'add' },
  };
  const rows = names
    .map((name) => all[name])
    .map((action): NeedRow => ({ kind: 'way', label: `$(${action.icon}) ${action.title}`, action }));
  return [separator(t('Actions')), ...rows];
}

function separator(label: string): NeedRow {
  return { kind: 'separator', label };
}

function shortened(text: string): string {
  return text.length > reasonChars ? `${text.slice(0, reasonChars)}…` : text;
}
