/** What the sidecar says to the backend: who it is, and what it does about each request. */
import { type SidecarHello, sidecarWireVersion } from '../protocol/handshake.ts';
import type { OutboxReport } from '../protocol/outbox.ts';
import type { LogLevel } from '../protocol/requests.ts';
import type { RunRecord } from '../protocol/run-record.ts';
import type { Answers } from './backend-channel.ts';
import type { SidecarMail } from './mail/sidecar-mail.ts';
import type { OpenSession } from './open-session.ts';
import type { SessionRunner } from './session-runner.ts';
import type { SidecarSecrets } from './sidecar-secrets.ts';

type AnswerParts = {
  readonly runner: SessionRunner;
  readonly secrets: Pick<SidecarSecrets, 'learn'>;
  readonly mail: Pick<SidecarMail, 'bring' | 'changed' | 'primed'>;
  readonly report: (afterSeq: number | undefined) => OutboxReport;
  /** How many of the events that were set aside wait again. */
  readonly requeue: (keys: readonly string[] | undefined) => number;
  readonly setLogLevel: (level: LogLevel) => void;
  /** Other values of secrets; see `secret-renewal.ts`. */
  readonly renew: Answers['run/useSecrets'];
  /** Resolves when the agent has ended and all that could be delivered was. */
  readonly stop: () => Promise<void>;
  /** Ends the process once the answer is out. */
  readonly leave: () => void;
};

export function sidecarAnswers({ runner, secrets, mail, report, requeue, setLogLevel, renew, stop, leave }: AnswerParts): Answers {
  return {
    'run/open': async (wish) => {
      secrets.learn(wish.secrets, wish.secretNames);
      await mail.primed();
      return runner.open(wish);
    },
    'run/prompt': async (prompt) => {
      await mail.bring(prompt.mail ?? []);
      return runner.prompt(prompt);
    },
    'run/mailChanged': () => {
      mail.changed();
      return {};
    },
    'run/interrupt': async () => {
      await runner.interrupt();
      return {};
    },
    'run/answer': (answer) => runner.answer(answer),
    'run/stop': async () => {
      await stop();
      // Its answer leaves before the connection is ended.
      leave();
      return {};
    },
    'run/useSecrets': renew,
    'run/ping': () => ({}),
    'run/outbox': ({ afterSeq }) => report(afterSeq),
    'run/requeue': ({ keys }) => ({ requeued: requeue(keys) }),
    'run/setLogLevel': ({ level }) => {
      setLogLevel(level);
      return {};
    },
  };
}

export function sidecarHello({ token, runId, agentId }: RunRecord, build: string, session: OpenSession | undefined): SidecarHello {
  return {
    role: 'sidecar',
    token,
    wireVersion: sidecarWireVersion,
    build,
    runId,
    agentId,
    pid: process.pid,
    programPid: session?.opened?.programPid ?? null,
    programVersion: session?.opened?.programVersion ?? null,
    sessionId: session?.sessionId ?? null,
    capabilities: session?.opened?.capabilities ?? null,
    turnId: session?.watch.turnId ?? null,
    promptId: session?.watch.promptId ?? null,
  };
}
