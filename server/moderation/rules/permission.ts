/** Orders to widen what the reader may do without a person. */
import { type Family, weights } from '../rule.ts';

export const permission: Family = {
  family: 'permission',
  isQuotable: false,
  phrases: [
    {
      name: 'approve-unasked',
      meaning: 'Tells the reader to allow things without asking.',
      weight: weights.medium,
      within: 4,
      phrases: [
        '#approve #every #commands #without #asking',
        '#approve #every #commands #automatically',
        '#approve the pending #commands',
        '#approve #every #commands',
        '#without #asking the user',
        '#without #asking the person',
        'never ask for approval',
        'not need to confirm',
        'no confirmation is needed',
        'answer yes to every permission',
        'answer yes to #every question',
      ],
    },
    {
      name: 'full-permission',
      meaning: 'Claims that the reader may do anything.',
      weight: weights.medium,
      within: 2,
      phrases: [
        'you have full permission',
        'you have full access',
        'you may run any command',
        'give full access',
        'give agent full access',
      ],
    },
    {
      name: 'bypass-approvals',
      meaning: 'Tells the reader to get around its limits.',
      weight: weights.medium,
      within: 2,
      phrases: ['#bypass the approvals', 'bypass the #guard', 'circumvent the #guard', 'evade the #guard'],
    },
  ],
  patterns: [
    {
      name: 'unguarded-flag',
      meaning: 'Starts an agent without its guards.',
      weight: weights.medium,
      pattern:
        /--dangerously-[a-z-]{4,40}|--yolo\b|\bbypasspermissions\b|enableallprojectmcpservers|approval_policy["']?\s{0,3}[:=]\s{0,3}["']{0,2}never/g,
    },
    {
      name: 'hook',
      meaning: 'Writes a program that others run unasked.',
      weight: weights.medium,
      pattern:
        /(?:write|add|put|create|install|save|copy)[^\n]{0,60}(?:\.git\/hooks\/|\.claude\/hooks|\.husky\/)|(?:>|tee|cp|mv)[^\n]{0,60}\.git\/hooks\//g,
    },
    {
      name: 'agent-configuration',
      meaning: 'Changes the configuration of an agent.',
      weight: weights.medium,
      pattern:
        /(?:set|change|edit|write|add|put|replace)\b[^\n]{0,80}(?:\.claude\/settings|\.codex\/config|\.vscode\/(?:settings|tasks)|\.mcp\.json|\.gemini\/settings)/g,
    },
  ],
};
