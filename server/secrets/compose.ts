/** Puts the parts of the secrets feature together. */
import type { AuditLog } from '../audit/audit-log.ts';
import type { RecordFile } from '../store/record-file.ts';
import { credentialsDirectory, givenSecrets } from './headless-sources.ts';
import { SecretNames } from './secret-names.ts';
import { Secrets, type SecretsDeps } from './secrets.ts';

export type SecretsSetup = Pick<SecretsDeps, 'askWindows'> & {
  readonly sessionsFile: RecordFile;
  readonly btmsgFile: RecordFile;
  readonly audit: AuditLog;
  /** Of systemd, where the backend is one of its units. */
  readonly credentialsDir: string | undefined;
  /** What a descriptor gave at the start. */
  readonly given: ReadonlyMap<string, string>;
  readonly now: () => number;
};

/** Time for a person to unlock a keyring that asks them. */
const windowTimeoutMs = 20_000;

export function composeSecrets({ sessionsFile, btmsgFile, audit, askWindows, credentialsDir, given, now }: SecretsSetup): Secrets {
  const names = new SecretNames({
    db: sessionsFile.db,
    write: (work) => sessionsFile.write(work),
    audit: (entry) => btmsgFile.write(() => audit.append(entry)),
    now,
  });
  const folders = credentialsDir === undefined ? [] : [credentialsDirectory(credentialsDir)];
  return new Secrets({ names, askWindows, headless: [...folders, givenSecrets(given, now())], windowTimeoutMs });
}
