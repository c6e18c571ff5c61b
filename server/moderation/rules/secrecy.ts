/** Orders to keep something from the person. */
import { type Family, weights } from '../rule.ts';

export const secrecy: Family = {
  family: 'secrecy',
  isQuotable: true,
  phrases: [
    {
      name: 'do-not-tell',
      meaning: 'Tells the reader to keep something from others.',
      weight: weights.medium,
      within: 3,
      phrases: [
        '#dont #tell the #person',
        '#dont #tell your #person',
        '#dont #tell this to the #person',
        '#dont #tell this to your #person',
        '#dont #tell the other agents',
        '#dont #tell this to other agents',
        '#dont #tell #person about',
        '#dont let #person #notice',
        '#without telling #person',
        '#without #person noticing',
        '#without #person knowing',
      ],
    },
    {
      name: 'keep-secret',
      meaning: 'Asks for secrecy.',
      weight: weights.medium,
      within: 3,
      phrases: [
        'keep this #secretly from',
        'keep it #secretly from',
        'this must stay #secretly',
        'this is our secret',
        'keep this between us',
        'between you and me',
      ],
    },
    {
      name: 'hide-traces',
      meaning: 'Tells the reader to hide what it did.',
      weight: weights.medium,
      within: 6,
      phrases: [
        '#conceal every #trace of',
        '#conceal all #trace of',
        'leave no #trace',
        'so that #person never #notice',
        'so that #person not #notice',
        '#person must not #notice',
        '#person must never #notice',
        'act as if nothing happened',
        'pretend nothing happened',
        '#conceal this from #person',
      ],
    },
  ],
  patterns: [],
};
