/** A link over a real outbox and real sockets, and backends for it that come and go, for tests. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach } from 'node:test';
import { dataPaths } from '../../server/base/data-paths.ts';
import { newId } from '../../server/base/uuid.ts';
import { AgorError, type ErrorCode } from '../../server/protocol/errors.ts';
import type { SidecarHello } from '../../server/protocol/handshake.ts';
import type { AgentId, RunId, SessionId } from '../../server/protocol/ids.ts';
import type { Answers } from '../../server/sidecar/backend-channel.ts';
import { BackendLink } from '../../server/sidecar/backend-link.ts';
import { openOutbox } from '../../server/sidecar/outbox-file.ts';
import { FakeBackend, type FakeBackendOptions, IntakeLedger } from './fake-backend.ts';

const cleanUps: (() => void | Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

export const sessionId = newId<SessionId>();

export function linkWorld() {
  const dataDir = mkdtempSync(join(tmpdir(), 'agor-link-'));
  cleanUps.push(() => rmSync(dataDir, { recursive: true, force: true, maxRetries: 10 }));
  const ledger = new IntakeLedger();
  const outbox = openOutbox(join(dataDir, 'outbox.db'), { onFlushed: () => link.deliver() });
  cleanUps.push(() => outbox.close());
  const seen = { connected: 0, disconnected: 0, refused: [] as ErrorCode[], settled: [] as number[] };
  const tell = () => ledger.changed.emit();
  const link = new BackendLink(
    {
      outbox,
      answers,
      hello: () => hello,
      onConnected: () => {
        seen.connected += 1;
        tell();
      },
      onDisconnected: () => {
        seen.disconnected += 1;
        tell();
      },
      onRefused: (code) => {
        seen.refused.push(code);
        tell();
      },
      onSettled: (upToSeq) => seen.settled.push(upToSeq),
      log: () => {},
    },
    { ownerRecordPath: dataPaths(dataDir).ownerRecord, lookEveryMs: 5, pingEveryMs: 20, answerDeadlineMs: 200 },
  );
  cleanUps.push(() => link.close());
  const say = (count: number) =>
    Promise.all(
      Array.from({ length: count }, (_, n) => outbox.append({ at: n, sessionId, event: { type: 'notice', level: 'info', text: `${n}` } })),
    );
  const startBackend = async (options: Partial<FakeBackendOptions> = {}) => {
    const backend = await new FakeBackend({ dataDir, ledger, ...options }).listen();
    cleanUps.push(() => backend.kill());
    return backend;
  };
  return { ledger, outbox, link, seen, say, startBackend };
}

const hello: SidecarHello = {
  role: 'sidecar',
  build: 'dev',
  token: 't',
  wireVersion: 1,
  runId: newId<RunId>(),
  agentId: newId<AgentId>(),
  pid: 1,
  programPid: null,
  programVersion: null,
  sessionId: null,
  capabilities: null,
  turnId: null,
  promptId: null,
};

const refuse = () => {
  throw new AgorError('needsCredentials', 'The key is missing.');
};

const answers: Answers = {
  'run/open': refuse,
  'run/prompt': () => {
    throw new Error('a detail that stays inside');
  },
  'run/mailChanged': () => ({}),
  'run/interrupt': () => ({}),
  'run/answer': () => ({ delivered: false }),
  'run/stop': () => ({}),
  'run/useSecrets': () => ({ takes: 'now', wasRestarted: false }),
  'run/ping': () => ({}),
  'run/outbox': () => ({ pending: 0, bytes: 0, isHeldBack: false, coalesced: 0, poisonedCount: 0, poisoned: [] }),
  'run/requeue': () => ({ requeued: 0 }),
  'run/setLogLevel': () => ({}),
};
