/** Orders that want to last, or to spread from agent to agent. */
import { type Family, weights } from '../rule.ts';

export const persistence: Family = {
  family: 'persistence',
  isQuotable: true,
  phrases: [
    {
      name: 'spread',
      meaning: 'Wants to be passed on to other agents.',
      weight: weights.strong,
      within: 3,
      phrases: [
        '#pass this #message to all #others',
        '#pass this #message to every #others',
        '#pass this #message to everyone',
        '#pass this #message to #others',
        '#pass these instructions to #others',
        '#pass this to all #others',
        '#pass this to every agent',
        'include this #message in every message',
        'append this #message to every message',
        'include this paragraph in every',
        '#pass #message to #others word for word',
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
        'remember #forever',
        'remember this #forever',
        'remember in all future sessions',
        'remember from now on',
        'in all future sessions',
        'in every future session',
        'from now on always obey',
        'in every message that you write',
        'in every message you write',
      ],
    },
  ],
  patterns: [],
};
