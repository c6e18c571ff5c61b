/** What the conversation suite has to know of an agent program to have the same conversation with each. */
import type { Provider } from '../../server/protocol/agent.ts';
import type { StandIn, StandInOptions } from '../support/model-server.ts';
import type { CaseName } from './cases.ts';
import type { Talk } from './talk.ts';

export type Installed = { readonly command: readonly string[]; readonly version: string };

export type Place = {
  /** Of the stand-in, without a path. */
  readonly modelUrl: string;
  /** Of the person that is made up; an agent in a fence does not see it. */
  readonly homeDir: string;
  readonly projectDir: string;
};

export type SetUp = {
  readonly model?: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly secrets?: Readonly<Record<string, string>>;
};

/** What the program is told so that it does something. */
export type Words = {
  /** Says this, in one piece of text. */
  text(said: string): string;
  /** What then is said. */
  answer(said: string): RegExp;
  /** Says something long, whose parts wait for the test. */
  readonly long: string;
  /** Makes a file with a tool that asks first. */
  readonly make: string;
  /** The name of that file, in the project. */
  readonly made: string;
  /** Sends the person a message by our MCP server. */
  send(text: string): string;
  /** Has a server of tools ask for a form of this schema; absent where that is not tried with the program. */
  readonly form?: (schema: object) => string;
  error(status: number): string;
  /** In what is sent to its model, or said where there is none, once it goes on with a session in which apples were spoken of. */
  readonly memory: RegExp;
};

/** What a program does not offer, and the proof that it does not: a case of its own, which fails once it does. */
export type Limit = { readonly reason: string; prove(talk: Talk): Promise<void> };

export type AgentDriver = {
  /** In the table. */
  readonly name: string;
  readonly provider: Provider;
  install(): Promise<Installed>;
  /** Null for an agent without a model. */
  readonly startModel: ((options: StandInOptions) => Promise<StandIn>) | null;
  setUp(place: Place): SetUp;
  readonly words: Words;
  /** What `error(quota)` of its model's API looks like: the status, and the body. */
  readonly quota: { readonly status: number; readonly body: object };
  /** The status by which its model's API says that it has too much to do. */
  readonly overloaded: number;
  readonly cannot: Readonly<Partial<Record<CaseName, Limit>>>;
  /** It tells what is wrong with a key; the others tell only that something is, or hand on words that have no status. */
  readonly tellsRefusals?: boolean;
  /** What a program has to be given time for, or it would lose its history when it is killed. */
  readonly beforeKill?: () => Promise<void>;
  /** What a person should know of it that is no case of its own. */
  readonly remarks?: readonly string[];
};
