/**
 * Follows the tool calls of each turn, to see when they go round in circles. What changes the state of things begins the
 * count anew: a question that was asked, mail, and files that somebody else has written. Kept in memory: after a restart
 * of the backend the count begins anew.
 */
import type { AgentEvent, ToolContent } from '../protocol/agent-event.ts';
import type { AgentId, ItemId, ProjectId } from '../protocol/ids.ts';
import { keptSteps, type Loop, loopAtEnd, type Step } from './loop.ts';

type OpenCall = { readonly name: string; title: string; input: unknown; content: readonly ToolContent[]; readonly at: number };
type Course = { readonly projectId: ProjectId; readonly open: Map<ItemId, OpenCall>; steps: Step[] };

const mostOpen = 200;
const titleChars = 200;
/** These calls write files by themselves. */
const writes: ReadonlySet<string> = new Set(['edit', 'delete', 'move']);

export class LoopWatch {
  readonly #hashOf: (value: unknown) => string;
  /** By agent. */
  readonly #courses = new Map<string, Course>();
  /** When something was last written in each project, in epoch milliseconds. */
  readonly #wroteAt = new Map<ProjectId, number>();

  constructor(hashOf: (value: unknown) => string) {
    this.#hashOf = hashOf;
  }

  /** The loop that the event has closed. `at`: epoch milliseconds of the event. */
  onEvent({ agentId, projectId }: { agentId: AgentId; projectId: ProjectId }, event: AgentEvent, at: number): Loop | undefined {
    if (event.type === 'turnStarted') this.#courses.set(agentId, { projectId, open: new Map(), steps: [] });
    if (event.type === 'turnEnded') this.#courses.delete(agentId);
    const course = this.#courses.get(agentId);
    if (!course) return undefined;
    switch (event.type) {
      case 'toolStarted': {
        const { name, title, input, content, kind } = event;
        course.open.set(event.itemId, { name, title, input, content, at });
        if (course.open.size > mostOpen) course.open.clear();
        if (writes.has(kind)) this.changed(projectId, at, agentId);
        return undefined;
      }
      case 'toolProgressed':
        this.#progressed(course, event);
        return undefined;
      case 'toolEnded':
        return this.#ended(course, event, at);
      case 'permissionAsked':
      case 'mailGiven':
      case 'mailSeen':
      case 'messageQueued':
        course.steps = [];
        return undefined;
      default:
        return undefined;
    }
  }

  /** Something in the project is another now; `by` has not seen it as news. */
  changed(projectId: ProjectId, at: number, by?: AgentId): void {
    this.#wroteAt.set(projectId, at);
    for (const [agentId, course] of this.#courses) if (course.projectId === projectId && agentId !== by) course.steps = [];
  }

  /** Of what an earlier backend saw, nothing is known. */
  wroteSince(projectId: ProjectId, at: number): boolean {
    return (this.#wroteAt.get(projectId) ?? Number.NEGATIVE_INFINITY) >= at;
  }

  /** The agent has changed something by another way than its tools: it wrote a message, or moved a task. */
  acted(agentId: string): void {
    const course = this.#courses.get(agentId);
    if (course) course.steps = [];
  }

  forget(agentId: AgentId): void {
    this.#courses.delete(agentId);
  }

  #progressed({ open }: Course, { itemId, title, input, content }: Extract<AgentEvent, { type: 'toolProgressed' }>): void {
    const call = open.get(itemId);
    if (!call) return;
    call.title = title ?? call.title;
    if (input !== undefined) call.input = input;
    call.content = content ?? call.content;
  }

  #ended(course: Course, { itemId, status, content }: Extract<AgentEvent, { type: 'toolEnded' }>, at: number): Loop | undefined {
    const call = course.open.get(itemId);
    course.open.delete(itemId);
    if (!call) return undefined;
    const key = this.#hashOf([call.name, call.input, status, content ?? call.content]);
    const title = `${call.name}: ${call.title}`.slice(0, titleChars);
    course.steps = [...course.steps, { key, title, durationMs: Math.max(0, at - call.at) }].slice(-keptSteps);
    return loopAtEnd(course.steps);
  }
}
