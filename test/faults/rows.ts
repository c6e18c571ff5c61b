/** The rows of the fault matrix, in the order in which they run. */
import type { Row } from './row.ts';
import { audit } from './rows/audit.ts';
import { backups } from './rows/backups.ts';
import { corrupt } from './rows/corrupt.ts';
import { diskErrors } from './rows/disk-errors.ts';
import { fuzzAcp, fuzzClaude } from './rows/fuzz-agents.ts';
import { fuzzArgv } from './rows/fuzz-argv.ts';
import { fuzzPage } from './rows/fuzz-page.ts';
import { fuzzClient, fuzzGreeting, fuzzSidecar } from './rows/fuzz-socket.ts';
import { decisionKills, kills } from './rows/kills.ts';
import { messages } from './rows/messages.ts';
import { migrations } from './rows/migrations.ts';
import { diskFull, fileLimit, readOnly } from './rows/no-room.ts';
import { orphans } from './rows/orphans.ts';
import { outage } from './rows/outage.ts';
import { outboxPoints } from './rows/outbox-points.ts';
import { owners } from './rows/owners.ts';
import { powerLoss } from './rows/power-loss.ts';
import { restarts } from './rows/restarts.ts';
import { restorePoints } from './rows/restore-points.ts';
import { retention } from './rows/retention.ts';
import { sandbox, sandboxFurther } from './rows/sandbox.ts';
import { search } from './rows/search.ts';
import { soak } from './rows/soak.ts';
import { upgrades } from './rows/upgrades.ts';
import { worktrees } from './rows/worktrees.ts';
import { writePoints } from './rows/write-points.ts';

export const rows: readonly Row[] = [
  kills,
  decisionKills,
  writePoints,
  outboxPoints,
  migrations,
  upgrades,
  diskErrors,
  powerLoss,
  orphans,
  outage,
  messages,
  search,
  worktrees,
  backups,
  restorePoints,
  retention,
  restarts,
  soak,
  owners,
  corrupt,
  audit,
  diskFull,
  fileLimit,
  readOnly,
  sandbox,
  sandboxFurther,
  fuzzAcp,
  fuzzClaude,
  fuzzClient,
  fuzzSidecar,
  fuzzGreeting,
  fuzzPage,
  fuzzArgv,
];
