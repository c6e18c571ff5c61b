/** The sentences of the audit panel. */
import { auditTexts } from '../../server/protocol/audit-texts.ts';
import { translations } from '../shared/translations.ts';

export const { t, useTexts } = translations(auditTexts);
