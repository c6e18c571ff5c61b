/** Numbers as people read them: tokens, money, time, size. */
import type { CostSource } from '../../server/protocol/agent-event.ts';
import { t } from './texts.ts';

/** 950, 12.3k, 180k, 1.2M */
export function tokensText(tokens: number): string {
  if (tokens < 1000) return String(Math.round(tokens));
  if (tokens < 99_950) return `${(tokens / 1000).toFixed(1).replace(/\.0$/, '')}k`;
  if (tokens < 999_500) return `${Math.round(tokens / 1000)}k`;
  return `${(tokens / 1_000_000).toFixed(1).replace(/\.0$/, '')}M`;
}

/** Below ten cents a third digit matters; what costs something is never shown as nothing. */
export function costText(costUsd: number): string {
  const digits = costUsd > 0 && costUsd < 0.1 ? 3 : 2;
  const shown = costUsd > 0 ? Math.max(costUsd, 0.001) : 0;
  return new Intl.NumberFormat(undefined, {
    style: 'currency',
    currency: 'USD',
    currencyDisplay: 'narrowSymbol',
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  }).format(shown);
}

/** Who says what it cost; nothing is said of sessions from before that was kept. */
export function costSourceText(source: CostSource | undefined): string {
  if (source === undefined) return t('costDetail');
  if (source.by === 'agent') return t('costByAgent');
  return t(source.own ? 'costByOwnPrices' : 'costByPrices', source.dated);
}

/** What is left of a wait: whole seconds, never none before it is over. */
export function countdownText(leftMs: number): string {
  return leftMs < 60_000 ? t('secondsShort', Math.ceil(leftMs / 1000)) : durationText(leftMs);
}

export function durationText(durationMs: number): string {
  const seconds = durationMs / 1000;
  if (seconds < 10) return t('secondsShort', seconds.toFixed(1));
  if (seconds < 60) return t('secondsShort', Math.round(seconds));
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return t('minutesShort', minutes, Math.floor(seconds % 60));
  return t('hoursShort', Math.floor(minutes / 60), minutes % 60);
}

export function megabytesText(bytes: number): string {
  return (bytes / (1024 * 1024)).toFixed(1).replace(/\.0$/, '');
}
