/** Builds what the window has for the open questions of agents: the view, the list that goes through them, and their documents. */
import type { Disposable } from 'vscode';
import { AnswerPick, type AnswerPickDeps } from './answer-pick.ts';
import { DecisionsTree } from './decisions-tree.ts';
import { WholeQuestions, type WholeQuestionsDeps } from './whole-questions.ts';

export type Decisions = { readonly decisions: DecisionsTree; readonly answers: AnswerPick; readonly questions: WholeQuestions };

export function buildDecisions(deps: WholeQuestionsDeps & Pick<AnswerPickDeps, 'onFailure'>): Decisions {
  const questions = new WholeQuestions(deps);
  return { decisions: new DecisionsTree(deps.backend, deps.fleet), answers: new AnswerPick({ ...deps, questions }), questions };
}

export function registerDecisions({ decisions, questions }: Decisions): Disposable[] {
  return [...decisions.register(), ...questions.register()];
}
