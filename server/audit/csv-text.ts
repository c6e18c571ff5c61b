/** Rows of the audit log as CSV (RFC 4180) that a spreadsheet shows and does not run. */
import { visibleJson } from '../base/visible-json.ts';
import type { AuditRow } from './audit-row.ts';

const columns = ['seq', 'time', 'at', 'event', 'agentId', 'actor', 'detail', 'prevHash', 'hash'] as const;

export const csvHead = `${columns.join(',')}\r\n`;

export function csvLine({ seq, at, event, agentId, actor, detail, prevHash, hash }: AuditRow): string {
  const cells = [String(seq), timeText(at), String(at), event, agentId ?? '', actor, visibleJson(detail), prevHash, hash];
  return `${cells.map(csvCell).join(',')}\r\n`;
}

/** Spreadsheets take what begins like this for a formula, also behind blanks and in its wide form; an apostrophe makes it text. */
const formula = /^(?:\s*[=+\-@\uff1d\uff0b\uff0d\uff20]|[\t\r\n])/;
const number = /^-?\d+$/;

export function csvCell(text: string): string {
  const harmless = formula.test(text) && !number.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}

/** Whoever changed a row may have put in a time that is none. */
function timeText(at: number): string {
  const date = new Date(at);
  return Number.isNaN(date.getTime()) ? '' : date.toISOString();
}
