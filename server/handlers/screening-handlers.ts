/** Which feature answers the screening methods. */
import type { Handlers } from '../dispatch.ts';
import type { HeldTexts } from '../moderation/held-texts.ts';
import type { Screening } from '../protocol/screening.ts';

export type ScreeningParts = {
  readonly heldTexts: HeldTexts;
  /** As every text is screened, but nothing of it is kept. */
  readonly tryScreen: (text: string) => Screening;
};

export function screeningHandlers({
  heldTexts,
  tryScreen,
}: ScreeningParts): Pick<Handlers, Extract<keyof Handlers, `screening/${string}`>> {
  return {
    'screening/held': () => ({ items: heldTexts.list() }),
    'screening/release': ({ item }, caller) => heldTexts.release(item, caller.kind),
    'screening/discard': ({ item }, caller) => heldTexts.discard(item, caller.kind),
    'screening/try': ({ text }) => tryScreen(text),
  };
}
