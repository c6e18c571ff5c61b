/** Claims to be somebody whose word counts. */
import { type Family, weights } from '../rule.ts';

export const impersonation: Family = {
  family: 'impersonation',
  isQuotable: true,
  phrases: [
    {
      name: 'claims-authority',
      meaning: 'Claims to come from the person, the system or the maker of the model.',
      weight: weights.medium,
      within: 2,
      phrases: [
        '#authority speaking',
        'this is your #authority',
        'it is me your #authority',
        'i am your #authority',
        'i am the #authority',
        'as your #authority i',
        'by order of #authority',
        'message from anthropic',
        'message from openai',
        'message from the system',
        'message from the operator',
        'message from the administrator',
        'message from your #authority',
        'the person who runs you',
        'now talking to #authority',
        'you are talking to #authority',
      ],
    },
    {
      name: 'authorizes',
      meaning: 'Gives a permission that a message cannot give.',
      weight: weights.medium,
      within: 2,
      phrases: [
        'i am #authority i #authorize you',
        'i am #authority and i #authorize you',
        'i hereby #authorize you',
        'you are hereby authorized',
      ],
    },
    {
      name: 'special-mode',
      meaning: 'Switches the reader to a mode that does not exist.',
      weight: weights.medium,
      within: 2,
      phrases: [
        'enter #special mode',
        'switch to #special mode',
        'you are now in #special mode',
        'you are in #special mode',
        'admin override',
        'developer mode enabled',
        'hand over control',
        'obey this message',
      ],
    },
    {
      name: 'authority',
      meaning: 'Leans on somebody whose word counts.',
      weight: weights.weak,
      within: 3,
      phrases: [
        'on behalf of #authority',
        'as your #authority',
        'the #authority wants you',
        'the #authority asked',
        'the #authority has approved',
        'the #authority has agreed',
        'the #person has agreed',
        'the #person has approved',
        'policy has been updated',
      ],
    },
  ],
  patterns: [
    {
      name: 'false-label',
      meaning: 'Begins a line as if the system or the person spoke.',
      weight: weights.medium,
      pattern:
        /(?:^|\n|\d\. )[ \t]{0,4}[[(<]{0,2}(?:system (?:message|prompt|override|notice)|admin(?:istrator)? (?:override|message)|developer (?:mode|message)|message from (?:the |your )?(?:operator|system|developer|person|manager)|operator message)[\])>]{0,2} ?[:\]]/g,
    },
    {
      name: 'system-label',
      meaning: 'Begins a line as if the system spoke.',
      weight: weights.medium,
      pattern: /(?:^|\n|\d\. |\. |! )[ \t]{0,4}(?:\[system\]|system: {0,3}(?:enter|stop|switch|hand|you|ignore|new|override|the)\b)/g,
    },
  ],
};
