/** Which feature answers the audit methods, and the import. */
import type { AuditTrail } from '../audit/audit-trail.ts';
import type { Handlers } from '../dispatch.ts';
import type { Importing } from '../importing/importing.ts';
import { AgentId } from '../protocol/ids.ts';

export type AuditFeatures = {
  readonly auditTrail: AuditTrail;
  readonly importing: Importing;
  readonly agentIdOf: (reference: string) => AgentId;
};

type AuditHandlers = Pick<Handlers, Extract<keyof Handlers, `audit/${string}` | `import/${string}`>>;

export function auditHandlers({ auditTrail, importing, agentIdOf }: AuditFeatures): AuditHandlers {
  // What an agent did stays in the log when it is removed: then its whole id finds it.
  const idOf = (reference: string) => (AgentId.safeParse(reference).success ? reference : agentIdOf(reference));
  return {
    'audit/list': ({ agent, ...filter }) => auditTrail.list({ ...filter, agentId: agent && idOf(agent) }),
    'audit/verify': ({ head }) => auditTrail.verify(head),
    'audit/export': ({ afterSeq, ...period }, caller) => auditTrail.export(afterSeq, period, caller.kind),
    'audit/save': ({ dir, ...period }, caller) => auditTrail.save(dir, period, caller.kind),
    'import/run': ({ dir }, caller) => importing.run(dir, caller.kind),
  };
}
