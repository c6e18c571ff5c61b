/** What a person has taken from agents. Looked up at each call, so that a change counts from the next one on. */
import type { AuditLog } from '../audit/audit-log.ts';
import { Allowance } from '../base/allowance.ts';
import type { Clock } from '../base/clock.ts';
import { Emitter } from '../base/emitter.ts';
import { isAgentMethod } from '../policy/callers.ts';
import type { AuditEvent } from '../protocol/audit.ts';
import { type AgentCapabilities, type Capability, capabilityMeanings, type HeldCapability } from '../protocol/capability.ts';
import { AgorError } from '../protocol/errors.ts';
import type { AgentId } from '../protocol/ids.ts';
import type { Method } from '../protocol/requests.ts';
import type { Role } from '../protocol/team.ts';
import type { RecordFile } from '../store/record-file.ts';
import { neededCapability } from './needed-capability.ts';
import { RevocationStore } from './revocation-store.ts';
import { allCapabilities, isInRole } from './role-capabilities.ts';

export type CapabilitiesDeps = {
  readonly file: RecordFile;
  readonly audit: AuditLog;
  readonly roleOf: (id: AgentId) => Role;
  /** Whether the message that the agent names stands in a channel. */
  readonly isInChannel: (messageReference: string, as: AgentId) => boolean;
  readonly now: () => number;
  readonly clock: Clock;
};

/** `actor`: the person's door. */
export type CapabilityChange = { readonly capabilities: readonly Capability[]; readonly reason: string; readonly actor: string };

/** So many refusals of an agent are audited; the others are counted in the next one. */
const auditedRefusals = { times: 3, perMs: 60_000 };

export class Capabilities {
  readonly changed = new Emitter<AgentId>();
  readonly #deps: CapabilitiesDeps;
  readonly #store: RevocationStore;
  readonly #refusals = new Map<AgentId, Allowance>();

  constructor(deps: CapabilitiesDeps) {
    this.#deps = deps;
    this.#store = new RevocationStore(deps.file.db);
  }

  list(agentId: AgentId): AgentCapabilities {
    const revoked = new Map(this.#store.of(agentId).map((row) => [row.capability, row]));
    const role = this.#deps.roleOf(agentId);
    const capabilities = allCapabilities.map((capability): HeldCapability => {
      const row = revoked.get(capability);
      if (row) return { capability, state: 'revoked', revokedAt: row.revokedAt, reason: row.reason };
      return { capability, state: isInRole(capability, role) ? 'granted' : 'notInRole', revokedAt: null, reason: '' };
    });
    return { agentId, capabilities };
  }

  /** Also what its role does not have now: it may get another one. */
  revoke(agentId: AgentId, { capabilities, reason, actor }: CapabilityChange): AgentCapabilities {
    const { file, now } = this.#deps;
    const taken = new Set(capabilities.filter((capability) => !this.#store.has(agentId, capability)));
    file.write(() => {
      for (const capability of taken) {
        this.#store.put(agentId, { capability, revokedAt: now(), reason });
        this.#audit(agentId, 'capability_revoked', { actor, detail: { capability, reason } });
      }
    });
    return this.#told(agentId, taken.size > 0);
  }

  grant(agentId: AgentId, { capabilities, reason, actor }: CapabilityChange): AgentCapabilities {
    const back = new Set(capabilities.filter((capability) => this.#store.has(agentId, capability)));
    const role = this.#deps.roleOf(agentId);
    const beyond = capabilities.find((capability) => !back.has(capability) && !isInRole(capability, role));
    if (beyond !== undefined) {
      throw new AgorError('refused', `The role ${role} does not have "${beyond}". Give the agent another role, then it has that.`);
    }
    this.#deps.file.write(() => {
      for (const capability of back) {
        this.#store.remove(agentId, capability);
        this.#audit(agentId, 'capability_granted', { actor, detail: { capability, reason } });
      }
    });
    return this.#told(agentId, back.size > 0);
  }

  /** False for what a person has taken from it; its role is not asked. */
  has(agentId: AgentId, capability: Capability): boolean {
    return !this.#store.has(agentId, capability);
  }

  /** Throws `refused` when the agent may not ask for that any more. `params` have passed the schema of the method. */
  require(agentId: AgentId, method: Method, params: unknown): void {
    if (!isAgentMethod(method)) return;
    const capability = neededCapability(method, params, (reference) => this.#deps.isInChannel(reference, agentId));
    if (capability === null || this.has(agentId, capability)) return;
    this.#auditRefusal(agentId, { capability, method });
    const what = `"${capability}" (${capabilityMeanings[capability]})`;
    throw new AgorError('refused', `The person has revoked ${what} for you, so this was not done; only the person can grant it again.`);
  }

  /** The agent was removed. */
  forget(agentId: AgentId): void {
    this.#refusals.delete(agentId);
    this.#deps.file.write(() => this.#store.forget(agentId));
  }

  #told(agentId: AgentId, isChanged: boolean): AgentCapabilities {
    if (isChanged) this.changed.emit(agentId);
    return this.list(agentId);
  }

  #auditRefusal(agentId: AgentId, tried: { readonly capability: Capability; readonly method: Method }): void {
    const allowance = this.#refusals.get(agentId) ?? new Allowance(auditedRefusals);
    this.#refusals.set(agentId, allowance);
    const granted = allowance.take(this.#deps.clock.elapsed());
    if (!granted) return;
    this.#deps.file.write(() => this.#audit(agentId, 'capability_refused', { actor: 'agent', detail: { ...tried, ...granted } }));
  }

  #audit(
    agentId: AgentId,
    event: AuditEvent,
    { actor, detail }: { readonly actor: string; readonly detail: Record<string, unknown> },
  ): void {
    this.#deps.audit.append({ at: this.#deps.now(), event, agentId, actor, detail });
  }
}
