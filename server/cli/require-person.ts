/** Commands by which a person decides refuse where an agent runs them; what an agent may ask, the backend decides by its token. */
import { AgorError } from '../protocol/errors.ts';
import type { Invocation } from './invocation.ts';

export function requirePerson({ env }: Invocation): void {
  if (!env.AGOR_RUN_TOKEN) return;
  throw new AgorError(
    'refused',
    'An agent may not answer questions or say how they are answered; a person does that in another terminal or in VS Code.',
  );
}
