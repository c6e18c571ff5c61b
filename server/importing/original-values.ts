/** Values of the original system, which any program may have written, as ours. */
import type { OriginalRow } from '../store/original-database.ts';

/** Undefined for what is missing or empty. */
export function textOf(row: OriginalRow, column: string): string | undefined {
  const value = row[column];
  if (value === null || value === undefined || value === '') return undefined;
  return Buffer.isBuffer(value) ? value.toString('utf8') : String(value);
}

export function numberOf(row: OriginalRow, column: string): number | undefined {
  const value = Number(row[column] ?? Number.NaN);
  return Number.isFinite(value) ? value : undefined;
}

/** UTC text without a zone, or Unix seconds; undefined for what is neither. */
export function timeOf(row: OriginalRow, column: string): number | undefined {
  const value = row[column];
  if (typeof value === 'number') return Math.round(value * 1000);
  const text = textOf(row, column)?.trim() ?? '';
  if (/^\d+(\.\d+)?$/.test(text)) return Math.round(Number(text) * 1000);
  const [, day, time] = /^(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d:\d\d(?:\.\d+)?)Z?$/.exec(text) ?? [];
  const at = Date.parse(`${day}T${time}Z`);
  return Number.isNaN(at) ? undefined : at;
}
