/** Puts the parts of the secrets feature together. */
import type { AuditEntry, AuditLog } from '../audit/audit-log.ts';
import { isFindable } from '../leaks/secret-forms.ts';
import type { SecretHolder } from '../protocol/secret.ts';
import type { RecordFile } from '../store/record-file.ts';
import { credentialsDirectory, givenSecrets } from './headless-sources.ts';
import { Rotations, type RotationsDeps } from './rotations.ts';
import { SecretNames } from './secret-names.ts';
import { Secrets, type SecretsDeps } from './secrets.ts';
import { unfinishedRotations } from './unfinished-rotations.ts';

export type SecretsSetup = Pick<SecretsDeps, 'askWindows'> &
  Pick<RotationsDeps, 'storeInWindows'> & {
    readonly sessionsFile: RecordFile;
    readonly btmsgFile: RecordFile;
    readonly audit: AuditLog;
    /** Of systemd, where the backend is one of its units. */
    readonly credentialsDir: string | undefined;
    /** What a descriptor gave at the start. */
    readonly given: ReadonlyMap<string, string>;
    /** To the agents that use it. */
    readonly handOver: (name: string, value: string) => Promise<SecretHolder[]>;
    readonly now: () => number;
  };

/** Time for a person to unlock a keyring that asks them. */
const windowTimeoutMs = 20_000;

export function composeSecrets(setup: SecretsSetup): { readonly secrets: Secrets; readonly rotations: Rotations } {
  const { sessionsFile, btmsgFile, audit, askWindows, storeInWindows, credentialsDir, given, handOver, now } = setup;
  const append = (entry: AuditEntry) => btmsgFile.write(() => audit.append(entry));
  const names = new SecretNames({ db: sessionsFile.db, write: (work) => sessionsFile.write(work), audit: append, now });
  const folders = credentialsDir === undefined ? [] : [credentialsDirectory(credentialsDir)];
  const inMemory = givenSecrets(given, now());
  const secrets = new Secrets({ names, askWindows, headless: [...folders, inMemory], windowTimeoutMs });
  const rotations = new Rotations({
    ...{ storeInWindows, handOver, isFindable, now },
    list: () => secrets.list(),
    read: (name) => secrets.value(name),
    replaceGiven: (name, value) => inMemory.replace(name, value, now()),
    touch: (name) => names.touch(name),
    audit: append,
    unfinished: unfinishedRotations(btmsgFile.db),
  });
  return { secrets, rotations };
}
