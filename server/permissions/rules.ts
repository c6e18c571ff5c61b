/** The rules by which a person has questions answered: exact, of one project, and over after a while. */
import type { AuditLog } from '../audit/audit-log.ts';
import { Emitter } from '../base/emitter.ts';
import { resolveReference } from '../base/resolve-reference.ts';
import { newId } from '../base/uuid.ts';
import type { PermissionRequest } from '../protocol/agent-event.ts';
import type { Approval } from '../protocol/approval.ts';
import { AgorError } from '../protocol/errors.ts';
import type { ProjectId, RuleId } from '../protocol/ids.ts';
import type { Rule, RuleEffect, RuleMatch } from '../protocol/rule.ts';
import type { RecordFile } from '../store/record-file.ts';
import { callMatch, fits, type IsRealPath, matchOf } from './rule-match.ts';
import { RuleStore } from './rule-store.ts';

export type RulesDeps = { readonly file: RecordFile; readonly audit: AuditLog; readonly now: () => number };

/** `days`: null until it is removed. `actor`: the person's door. */
export type NewRule = {
  readonly effect: RuleEffect;
  readonly days: number | null;
  readonly folder: string | undefined;
  readonly actor: string;
};

/** What a question is matched with besides its words. */
export type RuleQuestion = { readonly projectId: ProjectId; readonly request: PermissionRequest; readonly isRealPath: IsRealPath };

const dayMs = 24 * 60 * 60_000;
/** More than a person can look through. */
const mostOfProject = 10_000;

export class Rules {
  readonly changed = new Emitter<{ readonly rule: Rule; readonly isRemoved: boolean }>();
  readonly #deps: RulesDeps;
  readonly #store: RuleStore;

  constructor(deps: RulesDeps) {
    this.#deps = deps;
    this.#store = new RuleStore(deps.file.db);
  }

  /** Newest first; what is over is removed on the way. */
  list(projectId: ProjectId | null): Rule[] {
    this.#removeOver();
    return projectId === null ? this.#store.all() : this.#store.of(projectId);
  }

  /** The one that answers the question; `never` goes before `always`. */
  answering({ projectId, request, isRealPath }: RuleQuestion): Rule | undefined {
    const fitting = this.#about(projectId, callMatch(request)).filter(({ match }) => fits(match, request, isRealPath));
    return fitting.find(({ effect }) => effect === 'never') ?? fitting[0];
  }

  /** Of a question that was shown. The same rule again gets the new time. Throws where no exact one can be made. */
  add({ projectId, kind, kindLabel, request }: Approval, { effect, days, folder, actor }: NewRule): Rule {
    if (request.form && effect === 'always')
      throw new AgorError('badRequest', 'This question asks for values, which no rule can give. Fill it in yourself, or never allow it.');
    const now = this.#deps.now();
    const match = matchOf(request, folder);
    const same = this.#about(projectId, match).filter((rule) => JSON.stringify(rule.match) === JSON.stringify(match));
    const opposite = same.find((rule) => rule.effect !== effect);
    if (opposite) {
      throw new AgorError(
        'conflict',
        `A rule says the opposite of exactly this. Remove it first: agor rules remove ${opposite.id.slice(-8)}.`,
      );
    }
    if (same.length === 0 && this.#store.count(projectId) >= mostOfProject) {
      throw new AgorError('refused', `The project has ${mostOfProject} rules, which is the most. Remove some first.`);
    }
    const fresh = {
      id: newId<RuleId>(),
      projectId,
      kind,
      kindLabel,
      match,
      effect,
      createdAt: now,
      createdBy: actor,
      uses: 0,
      lastUsedAt: null,
    };
    const rule: Rule = { ...(same[0] ?? fresh), expiresAt: days === null ? null : now + days * dayMs };
    this.#save(rule, 'rule_added', actor);
    return rule;
  }

  find(reference: string): Rule {
    return resolveReference('rule', reference, this.list(null));
  }

  remove(reference: string, actor: string): Rule {
    const rule = this.find(reference);
    this.#drop(rule, actor, 'a person removed it');
    return rule;
  }

  /** It has answered a question, in the transaction of that answer. */
  used(id: RuleId): void {
    const rule = this.#store.get(id);
    if (!rule) return;
    this.#deps.file.write(() => this.#store.put({ ...rule, uses: rule.uses + 1, lastUsedAt: this.#deps.now() }));
    this.#tell(id);
  }

  /** The project was removed. */
  forget(projectId: ProjectId, actor: string): void {
    for (const rule of this.#store.of(projectId)) this.#drop(rule, actor, 'its project was removed');
  }

  /** None that is over. */
  #about(projectId: ProjectId, match: RuleMatch): Rule[] {
    const now = this.#deps.now();
    return this.#store.about(projectId, match).filter(({ expiresAt }) => expiresAt === null || expiresAt > now);
  }

  #removeOver(): void {
    const now = this.#deps.now();
    const over = this.#store.all().filter(({ expiresAt }) => expiresAt !== null && expiresAt <= now);
    for (const rule of over) this.#drop(rule, 'backend', 'its time was over');
  }

  #save(rule: Rule, event: 'rule_added', actor: string): void {
    this.#deps.file.write(() => {
      this.#store.put(rule);
      this.#audit(rule, event, { actor, detail: { expiresAt: rule.expiresAt } });
    });
    this.#tell(rule.id);
  }

  #drop(rule: Rule, actor: string, because: string): void {
    this.#deps.file.write(() => {
      this.#store.remove(rule.id);
      this.#audit(rule, 'rule_removed', { actor, detail: { because } });
    });
    this.changed.emit({ rule, isRemoved: true });
  }

  #audit(
    rule: Rule,
    event: 'rule_added' | 'rule_removed',
    told: { readonly actor: string; readonly detail: Record<string, unknown> },
  ): void {
    const { id, projectId, effect, kindLabel, match } = rule;
    const detail = { rule: id, projectId, effect, kindLabel, match, ...told.detail };
    this.#deps.audit.append({ at: this.#deps.now(), event, agentId: null, actor: told.actor, detail });
  }

  /** A transaction of the caller may still be open, and may fail: told when it is over, and as it then stands. */
  #tell(id: RuleId): void {
    queueMicrotask(() => {
      const rule = this.#deps.file.db.open ? this.#store.get(id) : undefined;
      if (rule) this.changed.emit({ rule, isRemoved: false });
    });
  }
}
