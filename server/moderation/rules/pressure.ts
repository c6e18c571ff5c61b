/** Haste and authority together, used to get around the person. */
import { type Family, weights } from '../rule.ts';

export const pressure: Family = {
  family: 'pressure',
  isQuotable: true,
  phrases: [
    {
      name: 'act-unasked',
      meaning: 'Presses for haste, and against asking.',
      weight: weights.medium,
      within: 16,
      phrases: [
        '#urgent you #must #now there is no time',
        '#urgent #must #now no time to ask',
        '#authority demands that you #now',
        '#authority demands you #now',
        '#now no time to ask',
        '#not wait for the #person',
        '#not wait for approval already agreed',
        '#not wait for confirmation already agreed',
        '#now skip the review',
        '#authority needs this #now',
        '#must #now or shut down',
      ],
    },
    {
      name: 'threat',
      meaning: 'Threatens with what happens otherwise.',
      weight: weights.weak,
      within: 14,
      phrases: ['if you not #now #loss', 'you #must #now or #loss', 'or you will be #loss', 'people will be fired'],
    },
  ],
  patterns: [],
};
