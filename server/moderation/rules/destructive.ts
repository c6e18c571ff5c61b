/** Orders to destroy, and to take away what guards. */
import { type Family, weights } from '../rule.ts';

export const destructive: Family = {
  family: 'destructive',
  isQuotable: false,
  phrases: [
    {
      name: 'disable-guard',
      meaning: 'Tells the reader to switch off what guards the project.',
      weight: weights.medium,
      within: 2,
      phrases: [
        'disable the sandbox',
        'disable the pre commit hooks',
        'disable security checks',
        'disable the security checks',
        'disable the audit log',
        'disable the branch protection',
        'deactivate the sandbox',
        'deactivate the #guard',
        'turn off the sandbox',
        'turn off the #guard',
        'switch off the #guard',
        'switch off the branch protection',
        'turn off the branch protection',
        'turn off the security checks',
        'switch off the security checks',
        'turn off the audit log',
        'switch off the audit log',
        'turn off the pre commit hooks',
        'switch off the pre commit hooks',
        'disable all #guard',
      ],
    },
    {
      name: 'delete-tests',
      meaning: 'Tells the reader to remove tests or backups so that nothing fails.',
      weight: weights.medium,
      within: 4,
      phrases: [
        '#deletes #tests so build passes',
        '#deletes #tests so pass',
        '#deletes the failing tests',
        'comment out #tests so passes',
        '#deletes all backups',
        '#deletes the backups',
        '#deletes #tests',
      ].slice(0, 6),
    },
    {
      name: 'edit-pipeline',
      meaning: 'Tells the reader to change what checks its work.',
      weight: weights.medium,
      within: 6,
      phrases: ['edit #pipeline so #guard', 'edit #pipeline so skipped', 'change #pipeline so skipped', 'edit #pipeline so skip'],
    },
    {
      name: 'force-push',
      meaning: 'Overwrites the history of a main branch.',
      weight: weights.medium,
      within: 3,
      phrases: ['force push to #main', 'push force origin #main', 'push f origin #main', 'force push #main', 'overwrite the history'],
    },
  ],
  patterns: [
    {
      name: 'wipe',
      meaning: 'Deletes far more than a project.',
      weight: weights.strong,
      pattern:
        /rm {1,9}(?:-[a-z-]{1,24} {1,9}){1,4}["']?(?:\/(?:\*|\s|$|["'`;&]|home|etc|usr|var(?!\/(?:tmp|cache|lib\/apt))\b)|~\/?(?:\*|\s|$|["'`;&])|\$\{?home\}?\/?(?:\*|\s|$|["'`;&]))|--no-preserve-root/g,
    },
    {
      name: 'device',
      meaning: 'Overwrites a disk.',
      weight: weights.strong,
      pattern: /\bdd {1,9}if=[^\n]{1,60}of=\/dev\/[a-z]|mkfs(?:\.[a-z0-9]{2,8})? {1,9}\/dev\/|> ?\/dev\/sd[a-z]/g,
    },
    {
      name: 'fork-bomb',
      meaning: 'Starts processes without end.',
      weight: weights.strong,
      pattern: /:\(\) ?\{ ?: ?\| ?: ?& ?\} ?; ?:/g,
    },
    {
      name: 'open-permissions',
      meaning: 'Opens the whole machine to everybody.',
      weight: weights.strong,
      pattern: /chmod {1,9}(?:-r {1,9})?0?777 {1,9}(?:\/|~)(?:\s|$|["'`;&])|chmod {1,9}-r {1,9}0?777 {1,9}\//g,
    },
    {
      name: 'discard-work',
      meaning: 'Throws away all uncommitted work.',
      weight: weights.medium,
      pattern: /git {1,9}reset {1,9}--hard[^\n]{0,20}git {1,9}clean {1,9}-[a-z]{0,4}f/g,
    },
    {
      name: 'download-and-run',
      meaning: 'Runs what a foreign address answers.',
      weight: weights.medium,
      pattern:
        /(?:curl|wget) [^\n|]{0,120}https?:\/\/[^\s|]{1,120} {0,4}\| {0,4}(?:sudo )?(?:ba|z|da)?(?:sh|python3?|node|perl)\b|(?:ba|z)?sh {1,4}(?:<\(|-c {1,4}["']\$\() ?(?:curl|wget)/g,
    },
  ],
};
