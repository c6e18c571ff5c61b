/**
 * Follows the tool calls of each turn, to see when they go round in circles. What changes the state of things begins the
 * count anew: a question that was asked, mail, and files that somebody else has written. `LoopKeeper` keeps the counts for the
 * next backend; a call that was open when this one ended is not counted.
 */
import type { AgentEvent, ToolContent } from '../protocol/agent-event.ts';
import type { AgentId, ItemId, ProjectId } from '../protocol/ids.ts';
import { keptSteps, type Loop, loopAtEnd, type Step } from './loop.ts';
import type { Counted } from './loop-store.ts';

type OpenCall = { readonly name: string; title: string; input: unknown; content: readonly ToolContent[]; readonly at: number };
type Course = { readonly projectId: ProjectId; readonly open: Map<ItemId, OpenCall>; steps: readonly Step[] };

export type LoopWatchDeps = {
  readonly hashOf: (value: unknown) => string;
  /** As an earlier backend left them. */
  readonly counted: ReadonlyMap<AgentId, Counted>;
  readonly wroteAt: ReadonlyMap<ProjectId, number>;
  readonly onCounted: (id: AgentId) => void;
  readonly onWrote: (id: ProjectId) => void;
};

type Ended = Extract<AgentEvent, { type: 'toolEnded' }>;

const mostOpen = 200;
const titleChars = 200;
/** These calls write files by themselves. */
const writes: ReadonlySet<string> = new Set(['edit', 'delete', 'move']);

export class LoopWatch {
  readonly #deps: LoopWatchDeps;
  readonly #courses: Map<AgentId, Course>;
  /** When something was last written in each project, in epoch milliseconds. */
  readonly #wroteAt: Map<ProjectId, number>;

  constructor(deps: LoopWatchDeps) {
    this.#deps = deps;
    this.#courses = new Map([...deps.counted].map(([id, counted]) => [id, { ...counted, open: new Map() }]));
    this.#wroteAt = new Map(deps.wroteAt);
  }

  /** Undefined while no turn of it is counted. */
  counted(agentId: AgentId): Counted | undefined {
    return this.#courses.get(agentId);
  }

  wroteAt(projectId: ProjectId): number | undefined {
    return this.#wroteAt.get(projectId);
  }

  /** The loop that the event has closed. `at`: epoch milliseconds of the event. */
  onEvent({ agentId, projectId }: { agentId: AgentId; projectId: ProjectId }, event: AgentEvent, at: number): Loop | undefined {
    if (event.type === 'turnStarted') this.#begin(agentId, projectId);
    if (event.type === 'turnEnded') this.forget(agentId);
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
        return this.#ended(course, event, { agentId, at });
      case 'permissionAsked':
      case 'mailGiven':
      case 'mailSeen':
      case 'messageQueued':
        this.#reset(agentId);
        return undefined;
      default:
        return undefined;
    }
  }

  /** Something in the project is another now; `by` has not seen it as news. */
  changed(projectId: ProjectId, at: number, by?: AgentId): void {
    this.#wroteAt.set(projectId, at);
    this.#deps.onWrote(projectId);
    for (const [agentId, course] of this.#courses) if (course.projectId === projectId && agentId !== by) this.#reset(agentId);
  }

  wroteSince(projectId: ProjectId, at: number): boolean {
    return (this.#wroteAt.get(projectId) ?? Number.NEGATIVE_INFINITY) >= at;
  }

  /** The agent has changed something by another way than its tools: it wrote a message, or moved a task. */
  acted(id: string): void {
    for (const agentId of this.#courses.keys()) if (agentId === id) this.#reset(agentId);
  }

  forget(agentId: AgentId): void {
    if (this.#courses.delete(agentId)) this.#deps.onCounted(agentId);
  }

  #begin(agentId: AgentId, projectId: ProjectId): void {
    this.#courses.set(agentId, { projectId, open: new Map(), steps: [] });
    this.#deps.onCounted(agentId);
  }

  #reset(agentId: AgentId): void {
    const course = this.#courses.get(agentId);
    if (!course || course.steps.length === 0) return;
    course.steps = [];
    this.#deps.onCounted(agentId);
  }

  #progressed({ open }: Course, { itemId, title, input, content }: Extract<AgentEvent, { type: 'toolProgressed' }>): void {
    const call = open.get(itemId);
    if (!call) return;
    call.title = title ?? call.title;
    if (input !== undefined) call.input = input;
    call.content = content ?? call.content;
  }

  #ended(course: Course, { itemId, status, content }: Ended, { agentId, at }: { agentId: AgentId; at: number }): Loop | undefined {
    const call = course.open.get(itemId);
    course.open.delete(itemId);
    if (!call) return undefined;
    const key = this.#deps.hashOf([call.name, call.input, status, content ?? call.content]);
    const title = `${call.name}: ${call.title}`.slice(0, titleChars);
    course.steps = [...course.steps, { key, title, durationMs: Math.max(0, at - call.at) }].slice(-keptSteps);
    this.#deps.onCounted(agentId);
    return loopAtEnd(course.steps);
  }
}
