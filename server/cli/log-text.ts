/** Records of a log as lines for a person; what agents had their names or words in is made visible and stays in its place. Pure. */

import { shortId } from '../protocol/ids.ts';
import { LogRecord, levelName, type RunEnd, type RunHeader } from '../protocol/log-record.ts';
import type { LogLevel } from '../protocol/requests.ts';
import { exact, printable } from './printable.ts';
import type { Colour, Style } from './style.ts';
import { durationText } from './time-text.ts';

const mostLines = 40;
const mostChars = 4_000;
const mostFieldChars = 300;
/** In every record, or shown in a place of their own. */
const usual = new Set([
  ...['level', 'time', 'pid', 'process', 'agentId', 'runId', 'projectId', 'sessionId', 'gitSha', 'build', 'component', 'msg', 'err'],
  ...['runBegan', 'runEnded'],
]);
const colours: Readonly<Partial<Record<LogLevel, Colour>>> = { trace: 'dim', debug: 'dim', warn: 'yellow', error: 'red', fatal: 'red' };

/** What is no record, as what a full disk leaves of one, is shown as it stands. */
export function logLines(json: string, style: Style): string[] {
  const record = parsed(json);
  if (!record) return [style('dim', visible(json).join(' '))];
  if (record.runBegan) return headerLines(record.runBegan, style);
  const lines = recordLines(record, style);
  return record.runEnded ? [...lines, endLine(record.runEnded, style), ''] : lines;
}

function parsed(json: string): LogRecord | undefined {
  try {
    return LogRecord.safeParse(JSON.parse(json)).data;
  } catch {
    return undefined;
  }
}

function recordLines(record: LogRecord, style: Style): string[] {
  const { level, time, component = '', msg = '', err } = record;
  const name = levelName(level);
  const head = `${timeText(time)}  ${name.toUpperCase().padEnd(5)}  ${visible(component).join(' ').padEnd(10)}  `;
  const [first = '', ...more] = visible(err ? `${msg}: ${err.message}` : msg);
  const colour = colours[name];
  const line = colour ? style(colour, head + first) : head + first;
  const fields = fieldsText(record);
  // A bar before each further line: none of them can pass for a record.
  return [fields ? `${line}  ${style('dim', fields)}` : line, ...more.map((text) => style('dim', `  | ${text}`))];
}

/** The block that begins each run: eight lines. */
function headerLines(run: RunHeader, style: Style): string[] {
  const rows = [
    ['Run', shortId(run.runId)],
    ['Agent', `${run.agent || '(without a name)'} (${shortId(run.agentId)})`],
    ['Project', run.project || '(not recorded)'],
    ['Provider', run.provider],
    ['Model', run.model ?? "(the program's own choice)"],
    ['Folder', run.folder],
    ['Command', run.command.length > 0 ? run.command.join(' ') : "(the provider's own)"],
    ['Started', timeText(new Date(run.startedAt).toISOString())],
  ];
  return ['', ...rows.map(([name = '', value = '']) => `${style('bold', name.padEnd(9))} ${visible(value).join(' ')}`)];
}

function endLine({ runId, exitCode, durationMs }: RunEnd, style: Style): string {
  const how = exitCode === null ? 'ended without a word' : `ended with exit code ${exitCode}`;
  const after = durationMs === null ? '' : ` after ${durationText(durationMs)}`;
  return style('bold', `Run ${shortId(visible(runId).join(''))} ${how}${after}.`);
}

function fieldsText(record: LogRecord): string {
  const fields = Object.entries(record).filter(([name]) => !usual.has(name));
  const texts = fields.map(([name, value]) => `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`);
  return visible(texts.map((text) => text.slice(0, mostFieldChars)).join(' ')).join(' ');
}

function timeText(iso: string): string {
  return visible(iso.replace('T', ' ').replace('Z', '')).join('');
}

function visible(text: string): string[] {
  const lines = exact(printable(text.slice(0, mostChars)).replaceAll('\t', '  '))
    .trimEnd()
    .split('\n');
  const cut = text.length > mostChars || lines.length > mostLines;
  return cut ? [...lines.slice(0, mostLines), '…'] : lines;
}
