/** Questions of one kind and project that are answered together: all are shown whole first, and only what was shown is answered. */
import type { Decision } from '../../protocol/agent-event.ts';
import type { Approval } from '../../protocol/approval.ts';
import { answersAtOnce } from '../../protocol/approval-requests.ts';
import { AgorError } from '../../protocol/errors.ts';
import { shortId } from '../../protocol/ids.ts';
import { approvalLines, type Names } from '../approval-text.ts';
import { exitCode } from '../exit-codes.ts';
import type { Invocation } from '../invocation.ts';
import { type Outcome, write } from '../output.ts';
import { exact, oneLine } from '../printable.ts';
import { readKey } from '../read-key.ts';
import { styleFor } from '../style.ts';
import { answerTexts } from '../transcript.ts';

type Shown = { readonly asked: Approval; readonly open: readonly Approval[]; readonly names: Names };
type Wish = { readonly decision: Decision; readonly message?: string; readonly isSure: boolean };

export async function answerAllLike(invocation: Invocation, { asked, open, names }: Shown, { isSure, ...answer }: Wish): Promise<Outcome> {
  const alike = open.filter(({ kind, projectId }) => kind === asked.kind && projectId === asked.projectId).slice(0, answersAtOnce);
  if (alike.length === 0) throw new AgorError('conflict', 'That question is not open any more, and no open one is of its kind.');
  const style = styleFor(process.stdout);
  const shown = alike.flatMap((approval) => [...approvalLines(approval, { names, now: invocation.now, style }), '']);
  if (!invocation.json) await write(process.stdout, `${shown.join('\n')}\n`);
  if (!isSure) await confirm(invocation, `${answer.decision === 'deny' ? 'Deny' : 'Allow'} these ${alike.length}?`);
  const backend = await invocation.backend();
  const done = await backend.call('approval/answerAll', { answers: alike.map(({ id, hash }) => ({ approval: id, hash })), ...answer });
  return {
    json: done,
    lines: (bold) => [
      ...done.answered.map(({ id, state }) => bold('bold', `→ ${shortId(id)} ${answerTexts[state]}`)),
      ...done.refused.map(({ approval, sentence }) => `→ ${shortId(approval)} not answered: ${exact(oneLine(sentence, 300))}`),
    ],
    exitCode: done.refused.length === 0 ? exitCode.ok : exitCode.refused,
  };
}

async function confirm({ json }: Invocation, question: string): Promise<void> {
  if (json || !process.stdin.isTTY || !process.stdout.isTTY) {
    throw new AgorError('badRequest', 'Nobody can be asked here whether all of them are meant. Look at them with --list, then add --yes.');
  }
  await write(process.stdout, `${question} [y]es, [n]o `);
  const key = await readKey(process.stdin, ['y', 'n'], new AbortController().signal);
  await write(process.stdout, `${key ?? ''}\n`);
  if (key !== 'y') throw new AgorError('refused', 'Nothing was answered.');
}
