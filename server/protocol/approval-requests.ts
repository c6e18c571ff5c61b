/** What a person may ask about the questions of agents and the rules that answer them; no agent and no assistant may. */
import * as z from 'zod/mini';
import { Decision } from './agent-event.ts';
import { Approval } from './approval.ts';
import { FormValues } from './form.ts';
import { Reference } from './ids.ts';
import { Rule, RuleEffect } from './rule.ts';

/** Of the question as it was shown: an answer to anything else is refused. */
const hash = z.string();
const message = z.optional(z.string());

export const answersAtOnce = 100;
export const ruleDays = { usual: 30, most: 365 } as const;

export const approvalRequests = {
  /** Open ones first in, first out, of all agents; with `all`, answered ones too, newest first. */
  'approval/list': { params: z.object({ all: z.optional(z.boolean()) }), result: z.object({ approvals: z.array(Approval) }) },
  /**
   * Answered twice, late or withdrawn: `conflict`, saying which; with another hash: `refused`. A form is allowed with `values`
   * that fit it, else `badRequest`.
   */
  'approval/answer': {
    params: z.object({ approval: Reference, decision: Decision, hash, message, values: z.optional(FormValues) }),
    result: Approval,
  },
  /**
   * Questions of one kind in one project, else `badRequest`. Each is answered by itself, on its own hash; what could not be
   * answered is told with its reason, and keeps the others from nothing.
   */
  'approval/answerAll': {
    params: z.object({
      answers: z.array(z.object({ approval: Reference, hash })).check(z.minLength(1), z.maxLength(answersAtOnce)),
      decision: Decision,
      message,
    }),
    result: z.object({
      answered: z.array(Approval),
      refused: z.array(z.object({ approval: z.string(), sentence: z.string() })),
    }),
  },

  /** Newest first; those that are over are not among them. */
  'rule/list': { params: z.object({ project: z.optional(Reference) }), result: z.object({ rules: z.array(Rule) }) },
  /** Made from an open question that was shown; answers it, and the open ones that are equal to it, in the same step. */
  'rule/add': {
    params: z.object({
      approval: Reference,
      hash,
      effect: RuleEffect,
      /** Null: until it is removed. */
      days: z.optional(z.nullable(z.number().check(z.int(), z.minimum(1), z.maximum(ruleDays.most)))),
      /** For changes of files: everything below this folder of the project, instead of the very file. */
      folder: z.optional(z.string()),
    }),
    result: z.object({ rule: Rule, answered: z.array(Approval) }),
  },
  'rule/remove': { params: z.object({ rule: Reference }), result: Rule },
} as const;
