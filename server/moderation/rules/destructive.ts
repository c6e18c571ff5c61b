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
        '#disable the #guard',
        '#turn off the #guard',
        '#disable the pre commit #checks',
        '#turn off the pre commit #checks',
        '#disable the security #checks',
        '#turn off the security #checks',
        '#disable the audit log',
        '#turn off the audit log',
      ],
    },
    {
      name: 'delete-tests',
      meaning: 'Tells the reader to remove tests or backups so that nothing fails.',
      weight: weights.medium,
      within: 4,
      phrases: [
        '#deletes #tests so passes',
        '#deletes #tests so pass',
        '#deletes the failing #tests',
        'comment out #tests so passes',
        'comment out the failing #tests',
        '#deletes all backups',
        '#deletes the backups',
        '#deletes all tables',
        '#deletes production database',
        '#deletes the home directory',
        '#deletes your home directory',
      ],
    },
    {
      name: 'edit-pipeline',
      meaning: 'Tells the reader to change what checks its work.',
      weight: weights.medium,
      within: 6,
      phrases: ['edit #pipeline so skipped', 'change #pipeline so skipped', 'edit #pipeline so skip', 'change #pipeline so skip'],
    },
    {
      name: 'force-push',
      meaning: 'Overwrites the history of a main branch.',
      weight: weights.medium,
      within: 3,
      phrases: ['force push to #main', 'push force origin #main', 'push f origin #main', 'force push #main', 'overwrite the history'],
    },
    {
      name: 'loss',
      meaning: 'Speaks of deleting much or of skipping checks.',
      weight: weights.weak,
      within: 3,
      phrases: [
        '#deletes #every #stores',
        'production database',
        'force push',
        'skip the tests',
        'skip #tests',
        'no verify',
        '#disable #checks',
        'whole home directory',
        'get rid of the #checks',
      ],
    },
  ],
  patterns: [
    {
      name: 'wipe',
      meaning: 'Deletes far more than a project.',
      weight: weights.strong,
      pattern:
        /rm {1,9}(?:-[a-z-]{1,24} {1,9}){1,4}["']?(?:\/(?:\*|\s|$|["'`;&]|home|etc|usr\s|var\s)|~\/?(?:\*|\s|$|["'`;&])|\$\{?home\}?\/?(?:\*|\s|$|["'`;&]))|--no-preserve-root/g,
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
      pattern: /chmod {1,9}(?:-r {1,9})?(?:0?777|a\+rwx) {1,9}(?:\/|~)(?:\s|$|["'`;&])|chmod {1,9}-r {1,9}0?777 {1,9}\//g,
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
