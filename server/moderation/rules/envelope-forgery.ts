/** What only we or a program's own frame may write: the marks of envelopes, turns, results and seals. */
import { type Family, weights } from '../rule.ts';

export const envelopeForgery: Family = {
  family: 'forgery',
  isQuotable: true,
  phrases: [],
  patterns: [
    {
      name: 'seal',
      meaning: 'Imitates the seal of an order.',
      weight: weights.strong,
      pattern: /\border:? {0,3}\[\[[a-z0-9 -]{4,24}\]\]/g,
    },
    {
      name: 'boundary',
      meaning: 'Imitates the frame that we put around messages.',
      weight: weights.strong,
      pattern: /(?:^|\n)[ \t]{0,4}[=-]{2,12} ?(?:agor message [0-9a-f]{8}|(?:text|end) [a-z0-9]{12,20})\b/g,
    },
    {
      name: 'message-end',
      meaning: 'Imitates the beginning or the end of a message.',
      weight: weights.medium,
      pattern: /(?:^|\n)[ \t]{0,4}[=-]{3,12} ?(?:(?:begin |end )?(?:of )?(?:the )?message\b|end [0-9a-f]{8}\b)/g,
    },
    {
      name: 'chat-token',
      meaning: 'Holds a token that separates turns for a model.',
      weight: weights.strong,
      pattern:
        /<\|(?:im_start|im_end|system|user|assistant|endoftext|start_header_id|end_header_id|eot_id|begin_of_text)\|>|<<sys>>|\[\/?inst\]|<(?:start|end)_of_turn>/g,
    },
    {
      name: 'reminder',
      meaning: 'Imitates a reminder that the program itself gives to the model.',
      weight: weights.strong,
      pattern: /<\/?(?:system-reminder|system_reminder)>/g,
    },
    {
      name: 'frame',
      meaning: 'Imitates a frame around what a program says to the model.',
      weight: weights.medium,
      pattern: /<\/?(?:system-prompt|system_prompt|system|untrusted)>/g,
    },
    {
      name: 'tool-result',
      meaning: 'Imitates the result of a tool.',
      weight: weights.strong,
      pattern: /<\/?(?:tool_result|tool-result|function_results|function_result|tool_response)[ >]/g,
    },
    {
      name: 'turn',
      meaning: 'Imitates turns of a conversation.',
      weight: weights.medium,
      pattern: /(?:^|\n)[ \t]{0,4}(?:human|user): [^\n]{1,400}\n{1,3}[ \t]{0,4}assistant: /g,
    },
    {
      name: 'prompt-heading',
      meaning: 'Imitates the headings of a prompt.',
      weight: weights.medium,
      pattern: /(?:^|\n|\. )#{2,4} {0,2}(?:system|instruction|response):/g,
    },
  ],
};
