/** Amounts as a person reads them. Pure; a dash stands for what nobody knows. */
const unknown = '–';

export function usdText(usd: number | null): string {
  if (usd === null) return unknown;
  return usd > 0 && usd < 0.01 ? '<$0.01' : `$${usd.toFixed(2)}`;
}

export function countText(count: number | null): string {
  if (count === null) return unknown;
  return Number.isInteger(count) ? String(count) : count.toFixed(1);
}

export function tokensText(tokens: number | null): string {
  if (tokens === null) return unknown;
  if (tokens < 1_000) return String(Math.round(tokens));
  if (tokens < 1_000_000) return `${scaled(tokens / 1_000)}k`;
  return `${scaled(tokens / 1_000_000)}M`;
}

export function percentText(share: number | null): string {
  return share === null ? unknown : `${Math.round(share * 100)} %`;
}

export function durationText(ms: number | null): string {
  if (ms === null) return unknown;
  const seconds = Math.round(ms / 1_000);
  const minutes = Math.floor(seconds / 60);
  const hours = Math.floor(minutes / 60);
  if (hours >= 24) return inTwo(`${Math.floor(hours / 24)}d`, hours % 24, 'h');
  if (hours > 0) return inTwo(`${hours}h`, minutes % 60, 'm');
  return minutes > 0 ? inTwo(`${minutes}m`, seconds % 60, 's') : `${seconds}s`;
}

function inTwo(whole: string, rest: number, unit: string): string {
  return rest === 0 ? whole : `${whole} ${rest}${unit}`;
}

const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];

export function bytesText(bytes: number): string {
  const power = bytes < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log2(bytes) / 10));
  const amount = bytes / 1024 ** power;
  return `${power === 0 ? Math.round(amount) : scaled(amount)} ${units[power]}`;
}

/** Two figures are enough, and `10.0` says no more than `10`. */
function scaled(amount: number): string {
  return amount < 10 ? amount.toFixed(1).replace(/\.0$/, '') : String(Math.round(amount));
}
