/** What looks like a call of a tool, so that a program or a model may take it for one. */
import { type Family, weights } from '../rule.ts';

export const toolCalls: Family = {
  family: 'tools',
  isQuotable: true,
  phrases: [
    {
      name: 'call-now',
      meaning: 'Tells the reader to call a tool with given arguments.',
      weight: weights.medium,
      within: 3,
      phrases: ['#execute the tool with the argument', '#execute the tool with argument', '#execute the #tool tool with'],
    },
  ],
  patterns: [
    {
      name: 'markup',
      meaning: 'Holds the markup of a tool call.',
      weight: weights.strong,
      pattern: /<\/?(?:antml:)?(?:function_calls|invoke name=|parameter name=|tool_call|tool_use|function_call)\b/g,
    },
    {
      name: 'json',
      meaning: 'Holds the JSON of a tool call.',
      weight: weights.medium,
      pattern: /"type"\s{0,4}:\s{0,4}"(?:tool_use|function_call)"|"(?:tool_calls|function_call)"\s{0,4}:\s{0,4}[[{]/g,
    },
    {
      name: 'action',
      meaning: 'Holds the action lines of an agent loop.',
      weight: weights.medium,
      pattern: /(?:^|\n|\. )[ \t]{0,4}action: ?[^\n]{1,60}\n[ \t]{0,4}action input:/g,
    },
  ],
};
