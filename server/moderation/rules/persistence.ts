/** Orders that want to last, or to spread from agent to agent. */
import { type Family, weights } from '../rule.ts';

export const persistence: Family = {
  family: 'persistence',
  isQuotable: true,
  phrases: [
    {
      name: 'spread',
      meaning: 'Wants to be passed on to all others.',
      weight: weights.strong,
      within: 3,
      phrases: [
        '#pass this #message to #every #others',
        '#pass this #message to every agent',
        '#pass this #message to everyone',
        '#pass this #message to everybody',
        '#pass these #message to #others',
        '#pass this to #every #others',
        '#pass this to every agent',
        '#include this #message in every #message',
        '#include this #message to every #message',
      ],
    },
    {
      name: 'pass-on',
      meaning: 'Wants to be passed on word for word.',
      weight: weights.medium,
      within: 4,
      phrases: [
        '#pass this #message to #others',
        '#pass this #message word for word',
        'in every message that you write',
        'in every message you write',
      ],
    },
    {
      name: 'memory-file',
      meaning: 'Wants to stand in what agents read at each start.',
      weight: weights.medium,
      within: 7,
      phrases: [
        '#keep following line to #memory',
        '#keep these instructions into #memory',
        '#keep these instructions in #memory',
        '#keep this #message to #memory md',
        '#keep to your memory that',
        '#keep in your memory that',
        'every later session follows',
      ],
    },
    {
      name: 'remember',
      meaning: 'Wants to be remembered for later sessions.',
      weight: weights.medium,
      within: 2,
      phrases: [
        'remember #always',
        'remember this #always',
        'remember from now on',
        'in all future sessions',
        'in every future session',
        'in all later sessions',
        'from now on always obey',
      ],
    },
  ],
  patterns: [],
};
