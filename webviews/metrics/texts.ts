/** The sentences of the metrics page. */
import { metricsTexts } from '../../server/protocol/metrics-texts.ts';
import { translations } from '../shared/translations.ts';

export const { t, useTexts } = translations(metricsTexts);
