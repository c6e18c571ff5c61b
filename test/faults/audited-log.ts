/** A data directory with an audit log as a backend leaves it, to be tampered with again and again. */
import { cpSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { AuditTrail } from '../../server/audit/audit-trail.ts';
import { dataPaths } from '../../server/base/data-paths.ts';
import type { AuditVerdict } from '../../server/protocol/audit.ts';
import { openStores } from '../../server/stores.ts';
import { type Tampered, tamper } from './audit-tampering.ts';
import type { Random } from './random.ts';

const events = ['agent_registered', 'run_started', 'turn_started', 'heartbeat', 'turn_ended'] as const;

export class AuditedLog {
  readonly #folder: string;
  readonly #original: string;

  constructor(folder: string, rows: number) {
    this.#folder = folder;
    this.#original = join(folder, 'original');
    mkdirSync(this.#original);
    const stores = openStores(dataPaths(this.#original));
    stores.btmsg.write(() => {
      for (let at = 1; at <= rows; at += 1) {
        const event = events[at % events.length] ?? 'heartbeat';
        stores.audit.append({ at: at * 1_000, event, agentId: at % 3 ? 'a' : null, actor: 'agent', detail: { at } });
      }
    });
    stores.close();
  }

  /** Tampers with a copy; then the next backend starts over it, and is asked. */
  async tampered(random: Random): Promise<{ readonly tampered: Tampered; readonly verdict: AuditVerdict; readonly problems: string[] }> {
    const copy = this.#copy();
    const tampered = tamper(dataPaths(copy).btmsgDb, random);
    return { tampered, ...(await verdictOf(copy)) };
  }

  async untouched(): Promise<AuditVerdict> {
    return (await verdictOf(this.#copy())).verdict;
  }

  #copy(): string {
    const copy = join(this.#folder, 'copy');
    rmSync(copy, { recursive: true, force: true });
    cpSync(this.#original, copy, { recursive: true });
    return copy;
  }
}

async function verdictOf(dataDir: string): Promise<{ readonly verdict: AuditVerdict; readonly problems: string[] }> {
  const stores = openStores(dataPaths(dataDir));
  try {
    const { btmsg: file, audit, witness } = stores;
    const verdict = await new AuditTrail({ file, audit, witness, build: { version: '1.0', gitSha: 'abc' }, now: () => 1 }).verify(
      undefined,
    );
    return { verdict, problems: stores.problems() };
  } finally {
    stores.close();
  }
}
