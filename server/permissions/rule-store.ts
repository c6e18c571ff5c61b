/** The rows of `approval_rules`. */
import * as z from 'zod/mini';
import type { ProjectId, RuleId } from '../protocol/ids.ts';
import { type Rule, RuleMatch } from '../protocol/rule.ts';
import type { Database } from '../store/open-database.ts';
import { rowHash } from '../store/row-hash.ts';

type RuleRow = Omit<Rule, 'match'> & { readonly match: string };

const columns = `id, project_id as projectId, kind, kind_label as kindLabel, match, effect, created_at as createdAt,
  created_by as createdBy, expires_at as expiresAt, uses, last_used_at as lastUsedAt`;

export class RuleStore {
  readonly #put;
  readonly #get;
  readonly #all;
  readonly #of;
  readonly #fitting;
  readonly #count;
  readonly #remove;

  constructor(db: Database) {
    this.#put = db.prepare(
      `insert into approval_rules (id, project_id, kind, kind_label, match, effect, created_at, created_by, expires_at, uses, last_used_at, row_hash)
       values (:id, :projectId, :kind, :kindLabel, :match, :effect, :createdAt, :createdBy, :expiresAt, :uses, :lastUsedAt, :rowHash)
       on conflict (id) do update set expires_at = excluded.expires_at, uses = excluded.uses, last_used_at = excluded.last_used_at,
         row_hash = excluded.row_hash`,
    );
    this.#get = db.prepare<[string], RuleRow>(`select ${columns} from approval_rules where id = ?`);
    this.#all = db.prepare<[], RuleRow>(`select ${columns} from approval_rules order by created_at desc, id desc`);
    this.#of = db.prepare<[string], RuleRow>(
      `select ${columns} from approval_rules where project_id = ? order by created_at desc, id desc`,
    );
    // A comma follows the kind, and a hyphen follows the comma in ASCII: so the index serves both halves.
    this.#fitting = db.prepare<[string, string], RuleRow>(
      `select ${columns} from approval_rules where project_id = ? and (match = ? or (match >= '{"on":"files",' and match < '{"on":"files"-')) order by created_at desc, id desc`,
    );
    this.#count = db.prepare<[string], number>('select count(*) from approval_rules where project_id = ?').pluck();
    this.#remove = db.prepare('delete from approval_rules where id = ?');
  }

  put(rule: Rule): void {
    const { id, projectId, kind, kindLabel, effect, createdAt, createdBy, expiresAt, uses, lastUsedAt } = rule;
    const match = JSON.stringify(rule.match);
    const row = { id, projectId, kind, kindLabel, match, effect, createdAt, createdBy, expiresAt, uses, lastUsedAt };
    this.#put.run({ ...row, rowHash: rowHash(Object.values(row)) });
  }

  get(id: RuleId): Rule | undefined {
    const row = this.#get.get(id);
    return row && fromRow(row)[0];
  }

  all(): Rule[] {
    return this.#all.all().flatMap(fromRow);
  }

  of(projectId: ProjectId): Rule[] {
    return this.#of.all(projectId).flatMap(fromRow);
  }

  /** Those that are about just that, and all that are about files, which may be below a folder. */
  about(projectId: ProjectId, match: RuleMatch): Rule[] {
    return this.#fitting.all(projectId, JSON.stringify(match)).flatMap(fromRow);
  }

  count(projectId: ProjectId): number {
    return this.#count.get(projectId) ?? 0;
  }

  remove(id: RuleId): void {
    this.#remove.run(id);
  }
}

/** Nothing for a row that the disk gave back damaged: what it was about is not known, so it answers nothing. */
function fromRow(row: RuleRow): Rule[] {
  try {
    return [{ ...row, match: z.parse(RuleMatch, JSON.parse(row.match)) }];
  } catch {
    return [];
  }
}
