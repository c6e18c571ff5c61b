/** What may be asked about teams, roles and the file that declares them. */
import * as z from 'zod/mini';
import { limits } from './errors.ts';
import { Reference } from './ids.ts';
import { AgentProfile, AgentRole, AutonomousMode, GroupReport, Team, Teammate, WakeStrategy } from './team.ts';
import { Wake } from './wake.ts';

const nothing = z.object({});

export const teamRequests = {
  'team/list': {
    params: nothing,
    result: z.object({ teams: z.array(Team), profiles: z.array(AgentProfile), teammates: z.array(Teammate) }),
  },
  /** What is absent stays. For an agent of `groups.json` what the file says wins at its next application. */
  'team/configure': {
    params: z.object({
      agent: Reference,
      role: z.optional(AgentRole),
      description: z.optional(z.string().check(z.maxLength(limits.descriptionChars))),
      systemPrompt: z.optional(z.string().check(z.maxLength(limits.systemPromptChars))),
      wakeStrategy: z.optional(z.nullable(WakeStrategy)),
      wakeIntervalMin: z.optional(z.number().check(z.minimum(1), z.maximum(1440))),
      wakeThreshold: z.optional(z.number().check(z.minimum(0), z.maximum(1))),
      stallThresholdMin: z.optional(z.number().check(z.minimum(1), z.maximum(1440))),
      autonomousMode: z.optional(AutonomousMode),
    }),
    result: AgentProfile,
  },
  'group/show': { params: nothing, result: GroupReport },
  /** Reads `groups.json` and applies it, all or nothing; an unusable file changes nothing and says why. */
  'group/apply': { params: nothing, result: GroupReport },

  /** The newest first; with `agent`, of that one. */
  'wake/list': {
    params: z.object({ agent: z.optional(Reference), limit: z.optional(z.number()) }),
    result: z.object({ wakes: z.array(Wake) }),
  },
  /** At once, whatever the score; the one that is pending, if there is one. */
  'wake/now': { params: z.object({ agent: Reference }), result: Wake },
} as const;
