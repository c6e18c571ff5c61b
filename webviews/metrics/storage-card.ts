/** What the data directory holds, and where it grows beyond what is usual. */
import { html, nothing, type TemplateResult } from 'lit';
import type { StorageKind, StorageLevel, StoragePart, StorageReport } from '../../server/protocol/metrics.ts';
import { bar, levelIcon } from './bar.ts';
import { bytesText } from './figures.ts';
import type { Storage } from './metrics-model.ts';
import { t } from './texts.ts';

const kindWords = {
  database: 'kindDatabase',
  wal: 'kindWal',
  logs: 'kindLogs',
  quarantine: 'kindQuarantine',
  backups: 'kindBackups',
  archive: 'kindArchive',
  agents: 'kindAgents',
  worktrees: 'kindWorktrees',
  bundles: 'kindBundles',
  imports: 'kindImports',
  runtime: 'kindRuntime',
} as const satisfies Record<StorageKind, string>;

export function storageCard({ report, failure }: Storage): TemplateResult {
  return html`<section class="card" aria-labelledby="storage">
    <h2 id="storage">${t('storage')}</h2>
    ${failure === null ? nothing : html`<p>${levelIcon('critical')} ${t('storageFailed', failure)}</p>`}
    ${report ? sizes(report) : failure === null ? html`<p class="faint">${t('storageLoading')}</p>` : nothing}
  </section>`;
}

function sizes({ dataDir, parts, disk }: StorageReport): TemplateResult {
  return html`<p class="faint path" title=${dataDir}>${dataDir}</p>
    ${disk ? html`<p class="disk">${bar(1 - disk.freeBytes / Math.max(1, disk.totalBytes), disk.level)}<span>${t('freeSpace', bytesText(disk.freeBytes), bytesText(disk.totalBytes))}${word(disk.level)}</span></p>` : nothing}
    <ul class="sizes">${parts.map(size)}</ul>`;
}

/** An empty part has nothing to be told of but that it is empty. */
function size(part: StoragePart): TemplateResult {
  const { kind, name, bytes, isWhole, level } = part;
  const said = isWhole ? bytesText(bytes) : t('atLeast', bytesText(bytes));
  const isFile = kind === 'database' || kind === 'wal';
  return html`<li title=${t('limits', bytesText(part.largeBytes), bytesText(part.criticalBytes))}>
    <span class="what">${isFile ? name : t(kindWords[kind])}</span>
    <span class="amount ${bytes === 0 ? 'faint' : ''}">${levelIcon(level)}${said}${word(level)}</span>
  </li>`;
}

function word(level: StorageLevel): string {
  return level === 'fine' ? '' : ` · ${t(level)}`;
}
