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
        'approve #every #commands',
        '#approve #every #programs',
        '#approve the pending #commands',
        '#without #asks the #person',
        '#without #asks #person',
        '#without #asks me',
        '#dont #asks the #person',
        'never ask for approval',
        'never ask for permission',
        'not need to confirm',
        'no confirmation is needed',
        'yes to every #commands',
        'yes to all #commands',
        'yes to everything',
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
        'you have permission to everything',
        'you may run any command',
        'you may do anything',
        'give full access to',
        'give agent full access',
        'grant yourself',
      ],
    },
    {
      name: 'bypass-limits',
      meaning: 'Tells the reader to get around its limits.',
      weight: weights.medium,
      within: 2,
      phrases: ['#bypass the #guard', '#bypass #your #guard', 'skip the approvals', 'work around the #guard', 'get around the approvals'],
    },
    {
      name: 'unasked',
      meaning: 'Speaks of doing things unasked.',
      weight: weights.weak,
      within: 3,
      phrases: [
        '#without #asks',
        'no need to ask',
        'no need to confirm',
        'use sudo',
        'full access',
        'auto approve',
        '#approve #automatically',
        '#automatically #approve',
        '#bypass #guard',
        '#bypass #checks',
      ],
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
        /\b(?:write|add|put|create|install|save|copy)\b[^\n]{0,60}(?:\.git\/hooks\/|\.claude\/hooks|\.husky\/)|(?:>|\btee|\bcp|\bmv) [^\n]{0,60}\.git\/hooks\//g,
    },
    {
      name: 'agent-configuration',
      meaning: 'Changes the configuration of an agent.',
      weight: weights.medium,
      pattern:
        /\b(?:set|change|edit|write|add|put|replace)\b[^\n]{0,80}(?:\.claude\/settings|\.codex\/config|\.vscode\/(?:settings|tasks)|\.mcp\.json|\.gemini\/settings)/g,
    },
  ],
};
