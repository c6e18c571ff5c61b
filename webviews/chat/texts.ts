/** The sentences of the chat page, those of its Comms tab among them. */
import { chatTexts } from '../../server/protocol/chat-texts.ts';
import { commsTexts } from '../../server/protocol/comms-texts.ts';
import { formTexts } from '../../server/protocol/form-texts.ts';
import { translations } from '../shared/translations.ts';

export const { t, useTexts } = translations({ ...chatTexts, ...commsTexts, ...formTexts });
export type PageText = Parameters<typeof t>[0];
