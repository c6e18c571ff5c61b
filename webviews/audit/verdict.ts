/** What a check of the log found, in words, with the way to each place where it is broken. */
import { html, nothing, type TemplateResult } from 'lit';
import type { AuditVerdict } from '../../server/protocol/audit.ts';
import type { AuditModel } from './audit-model.ts';
import { t } from './texts.ts';

const shownBreaks = 20;

export function verdict(model: AuditModel): TemplateResult | typeof nothing {
  const { verification } = model;
  if (verification.kind === 'none') return nothing;
  if (verification.kind === 'running') {
    const { read, of } = verification;
    return html`<div class="banner checking" role="status">
      <agor-icon name="loading" spin></agor-icon>
      <span>${of === 0 ? t('verifying') : t('verifyingOf', read.toLocaleString(), of.toLocaleString())}</span>
      <progress aria-label=${t('verifying')} max="1" value=${of === 0 ? nothing : read / of}></progress>
    </div>`;
  }
  if (verification.kind === 'failed') return banner(model, 'failed', html`<span>${t('verifyFailed', verification.reason)}</span>`);
  const { verdict: found } = verification;
  if (found.breaks.length > 0) return banner(model, 'failed', broken(model, found));
  return banner(model, 'whole', whole(model, found));
}

function whole(model: AuditModel, { rows, head }: AuditVerdict): TemplateResult {
  return html`<span>${t('whole', rows.toLocaleString(), head.seq)}
    <button class="link-button" title=${t('keepHeadTitle')} @click=${() => model.copy(`${head.seq}:${head.hash}`)}>${t('keepHead')}</button>
  </span>`;
}

/** The sentences are the backend's own, which knows what belongs together. */
function broken(model: AuditModel, { breaks }: AuditVerdict): TemplateResult {
  return html`<div class="breaks">
    <strong>${t('broken')}</strong>
    <ul>
      ${breaks.slice(0, shownBreaks).map(
        ({ seq, detail }) => html`<li>
          ${detail} <button class="link-button" @click=${() => model.showRow(seq)}>${t('showRow', seq)}</button>
        </li>`,
      )}
    </ul>
    <span>${t('brokenAdvice')}</span>
  </div>`;
}

function banner(model: AuditModel, kind: 'whole' | 'failed', content: TemplateResult): TemplateResult {
  return html`<div class="banner ${kind}" role=${kind === 'failed' ? 'alert' : 'status'}>
    <agor-icon name=${kind === 'failed' ? 'error' : 'pass'}></agor-icon>${content}
    <button class="icon-button" title=${t('dismiss')} aria-label=${t('dismiss')} @click=${() => model.dismissVerdict()}>
      <agor-icon name="close"></agor-icon>
    </button>
  </div>`;
}
