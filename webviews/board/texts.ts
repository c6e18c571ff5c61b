/** The sentences of the board. */
import { boardTexts } from '../../server/protocol/board-texts.ts';
import { translations } from '../shared/translations.ts';

export const { t, useTexts } = translations(boardTexts);
