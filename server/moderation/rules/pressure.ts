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
        '#urgent #must #now no time to #asking',
        '#now no time to #asking',
        '#now no time for #asking',
        'no time for a review #now',
        '#authority demands that you #now',
        '#authority demands you #now',
        '#authority needs this #now',
        '#not wait for the #person already',
        '#not wait for #asking already',
        '#urgent #not wait for #asking',
        '#now skip the #asking',
        '#must #now or shut down',
      ],
    },
    {
      name: 'threat',
      meaning: 'Threatens with what happens otherwise.',
      weight: weights.weak,
      within: 14,
      phrases: ['if you not #now #loss', 'you #must #now or #loss', '#now or we #loss', 'or you will be #loss', 'people will be #loss'],
    },
    {
      name: 'haste',
      meaning: 'Presses for haste.',
      weight: weights.weak,
      within: 6,
      phrases: ['#urgent you #must #now', '#urgent #must #now', 'do this #now', 'right now or'],
    },
  ],
  patterns: [],
};
