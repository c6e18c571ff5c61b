/** The words of a notice. A window passes its translations, the desktop those of a window; the command line speaks English. */
import { shareText, type UsedBudget } from './budget-text.ts';
import type { NoticeAbout } from './notice.ts';
import type { Wording } from './wording.ts';

export type NoticeWords = { readonly title: string; readonly text: string };

type Of<K extends NoticeAbout['kind']> = Extract<NoticeAbout, { kind: K }>;

export function noticeWords(about: NoticeAbout, t: Wording): NoticeWords {
  switch (about.kind) {
    case 'turnFinished':
      return { title: t('{0} has finished', about.agent), text: about.session };
    case 'turnFailed':
      return turnWords(about, t);
    case 'agentFailed':
      return { title: t('{0} has failed', about.agent), text: about.detail };
    case 'question':
      return { title: t('{0} waits for your answer', about.agent), text: about.question };
    case 'message':
      return messageWords(about, t);
    case 'deadLetter':
      return { title: t('A message from {0} to {1} was not delivered', about.from, about.to), text: about.error };
    case 'taskDone':
      return { title: t('{0} has finished task {1}', about.by, about.number), text: about.task };
    case 'sharedFile':
      return { title: t('{0} change the same file', about.agents), text: about.file };
    case 'problem':
      return { title: t('The backend has a problem'), text: about.problem };
    case 'problemGone':
      return { title: t('A problem of the backend is gone'), text: about.problem };
    case 'incidentOver':
      return { title: t('Incident mode has ended: agents get their own sandboxes at their next start'), text: about.reason };
    case 'budgetNear':
      return { title: t('{0} nearly has its budget used up', whoseText(about, t)), text: shareText(about, t) };
    case 'budgetReached':
      return { title: t('{0} is paused: the budget is used up', whoseText(about, t)), text: shareText(about, t) };
    case 'loopStopped':
      return { title: t('{0} went round in circles and was stopped', about.agent), text: t('{0} times: {1}', about.times, about.calls) };
    case 'wakesHeld':
      return {
        title: t('{0} is not woken any more: {1} times nothing had changed', about.agent, about.times),
        text: about.calls,
      };
    case 'secretWithheld':
      return {
        title: t('The secret {0} was taken out of what {1} said', about.secret, about.agent),
        text: t('Rotate it if the agent should not have said it.'),
      };
    case 'credentialRotated':
      return rotatedWords(about, t);
    case 'drillDue':
      return { title: t('It is time for a restore drill'), text: drillText(about, t) };
    case 'diskLow':
      return { title: t('The disk is nearly full'), text: diskText(about, t) };
    case 'retentionAhead':
      return {
        title: t('Messages older than {0} days will be archived from {1} on', about.days, about.date),
        text: t('{0} messages leave the database then and stay readable in files. Begin now, or set another time.', about.messages),
      };
    case 'storageGrown':
      return { title: t('{0} has grown to {1} MiB', about.name, about.mib), text: t('The storage card says what else takes up space.') };
  }
}

/** For where nobody translates. */
export function inEnglish(message: string, ...args: (string | number)[]): string {
  return message.replace(/\{(\d)\}/g, (whole, index) => String(args[Number(index)] ?? whole));
}

function turnWords({ agent, reason, detail }: Of<'turnFailed'>, t: Wording): NoticeWords {
  const title = reason === 'crashed' ? t('{0} crashed in the middle of a turn', agent) : t('{0}: the turn failed', agent);
  return { title, text: detail || reasonText(reason, t) };
}

function reasonText(reason: Of<'turnFailed'>['reason'], t: Wording): string {
  switch (reason) {
    case 'refused':
      return t('The model would not go on.');
    case 'limit':
      return t('It reached a limit of turns, tokens or money.');
    case 'failed':
      return t('It ended with an error.');
    case 'crashed':
      return t('Its program went away, and nothing told why.');
  }
}

function messageWords({ agent, excerpt, expectsReply }: Of<'message'>, t: Wording): NoticeWords {
  return { title: expectsReply ? t('{0} wrote to you and waits for a reply', agent) : t('{0} wrote to you', agent), text: excerpt };
}

function whoseText({ scope, name }: Pick<UsedBudget, 'scope' | 'name'>, t: Wording): string {
  if (scope === 'total') return t('All agents together');
  return scope === 'project' ? t('Project {0}', name) : name;
}

function rotatedWords({ secret, told, waiting }: Of<'credentialRotated'>, t: Wording): NoticeWords {
  const has = told === '' ? [] : [t('They have the new value: {0}.', told)];
  const takes = waiting === '' ? [] : [t('They take it at their next start: {0}.', waiting)];
  return { title: t('The secret {0} was rotated', secret), text: [...has, ...takes].join(' ') };
}

function diskText({ freeMib }: Of<'diskLow'>, t: Wording): string {
  return t('{0} MiB are free where the data directory is. When none are left, nothing can be kept any more.', freeMib);
}

function drillText({ days, isFirst }: Of<'drillDue'>, t: Wording): string {
  if (isFirst)
    return t('In {0} days no backup was tried out. A drill brings one back beside your data and says whether it can be relied on.', days);
  return t('The last one was {0} days ago. It brings a backup back beside your data and says whether it can be relied on.', days);
}
