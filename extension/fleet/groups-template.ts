/** The first text of a `groups.json`: a group to uncomment, in the words of the person's language. Pure. */
import type { Translate } from '../text/translate.ts';

export function groupsTemplate(folder: string, t: Translate): string {
  const comment = (text: string) => `  // ${text.replaceAll('\n', ' ')}`;
  return `${[
    '{',
    comment(t('Who works together: groups, their projects, and the agents that lead and check.')),
    comment(t('It is applied whenever you save it, whole or not at all, and is never written by Agor.')),
    comment(t('Take away the // to make a group of a manager and one project.')),
    '  "version": 1,',
    '  "groups": [',
    '    // {',
    '    //   "id": "my-group",',
    '    //   "name": "My Group",',
    `    //   "projects": [{ "id": "my-project", "name": "My Project", "cwd": ${JSON.stringify(folder)} }],`,
    '    //   "agents": [{ "id": "lead", "name": "lead", "role": "manager", "wakeStrategy": "smart" }]',
    '    // }',
    '  ]',
    '}',
  ].join('\n')}\n`;
}
