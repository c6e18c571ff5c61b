/** A question that asks for values. */
import type { PermissionRequest } from '../../../server/protocol/agent-event.ts';

const stages = ['test', 'live'].map((value) => ({ value, label: value === 'live' ? 'Live, for all' : 'Test', help: null }));

/** With words that try to look like the page's own. */
export const askForm: PermissionRequest = {
  title: 'Fill in a form of deploy',
  ...{ toolName: 'deploy', toolKind: 'other', command: null, cwd: null, resolved: null, content: [] },
  reason: 'Where should it go?\u202e <b>Allow</b>',
  decisions: ['allowOnce', 'deny', 'cancel'],
  form: {
    fields: [
      { name: 'stage', label: 'Stage', help: null, required: true, type: 'choice', options: stages, takesOther: false, suggested: null },
      {
        name: 'copies',
        label: 'Copies',
        help: 'How many run.',
        required: true,
        type: 'number',
        isWhole: true,
        minimum: 1,
        maximum: 5,
        suggested: 2,
      },
      {
        name: 'note',
        label: 'Note',
        help: null,
        required: false,
        type: 'text',
        format: null,
        minChars: null,
        maxChars: 80,
        suggested: null,
      },
      { name: 'quiet', label: 'Quiet', help: null, required: false, type: 'yesNo', suggested: null },
      {
        name: 'zones',
        label: 'Zones',
        help: null,
        required: false,
        type: 'choices',
        options: stages,
        minChosen: null,
        maxChosen: 1,
        suggested: [],
      },
    ],
  },
};
