/** What a tool is: a name, what a model is told of it, what it takes, and the call that it makes. */
import * as z from 'zod/mini';
import { AgorError } from '../protocol/errors.ts';
import { messageRequests } from '../protocol/message-requests.ts';
import { taskRequests } from '../protocol/task-requests.ts';

/** A method of the contract, in the caller's own name. Rejects with an `AgorError`. */
export type Call = (method: string, params: unknown) => Promise<unknown>;

export type Tool = {
  readonly name: string;
  readonly description: string;
  readonly input: z.ZodMiniObject;
  /** Changes nothing for anybody. */
  readonly isReading: boolean;
  /** Resolves with what the model reads: short, and what others wrote is quoted. */
  readonly run: (call: Call, input: unknown) => Promise<string>;
};

type ToolParts<Shape extends z.core.$ZodShape> = Pick<Tool, 'name' | 'description'> & {
  readonly takes: Shape;
  readonly isReading?: boolean;
  readonly run: (call: Call, input: z.infer<z.ZodMiniObject<Shape, z.core.$strict>>) => Promise<string>;
};

/** Anything but what it takes is refused, so that a model that guesses a name is told. */
export function tool<Shape extends z.core.$ZodShape>({ name, description, takes, isReading = false, run }: ToolParts<Shape>): Tool {
  const input = z.strictObject(takes);
  return { name, description, input, isReading, run: (call, given) => run(call, parsed(name, input, given)) };
}

const contract = { ...messageRequests, ...taskRequests };
type Contract = typeof contract;

/** The answer as the contract has it. */
export async function ask<M extends keyof Contract>(
  call: Call,
  method: M,
  params: z.input<Contract[M]['params']>,
): Promise<z.infer<Contract[M]['result']>> {
  const answer = z.safeParse(contract[method].result, await call(method, params));
  // The compiler does not follow that the schema looked up by `method` infers the result of the same method.
  if (answer.success) return answer.data as z.infer<Contract[M]['result']>;
  throw new AgorError('outdated', `The answer to ${method} is not what these tools expect: they are of another build than the backend.`);
}

function parsed<T extends z.core.$ZodType>(what: string, schema: T, given: unknown): z.infer<T> {
  const result = z.safeParse(schema, given);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const where = issue?.path.join('.');
  throw new AgorError('badRequest', `${what}: ${where ? `${where}: ` : ''}${issue?.message ?? 'it does not fit'}.`);
}
