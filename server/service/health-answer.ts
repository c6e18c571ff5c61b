/**
 * What `/health` answers. Everybody on this machine can ask, agents included: it tells that something is wrong and of
 * which kind, and no name, path or sentence of anybody's. Pure.
 */
import { type BuildInfo, buildId, type Health, type SidecarReport } from '../protocol/health.ts';
import type { DatabaseName, Round } from './pulse.ts';

export type Asked = { readonly method: string; readonly url: string; readonly host: string | undefined };

export type Answer = { readonly status: number; readonly body: object; readonly allow?: string };

export type Facts = {
  readonly build: BuildInfo;
  readonly round: Round;
  readonly ageMs: number;
  readonly uptimeSec: number;
  readonly state: Health['state'];
  readonly sidecars: readonly Pick<SidecarReport, 'connected' | 'health' | 'runId'>[];
};

const databases: readonly DatabaseName[] = ['sessions', 'btmsg'];
const paths: ReadonlySet<string> = new Set(['/health', '/healthz']);
/** A page whose name was made to lead here sends that name. */
const ownHost = /^(localhost|127\.0\.0\.1|\[::1\])(:\d{1,5})?$/i;

/** Undefined for a question that may be answered with the facts. */
export function refusal({ method, url, host }: Asked): Answer | undefined {
  if (host === undefined || !ownHost.test(host)) return refused(421, 'Ask for localhost or 127.0.0.1.');
  if (!paths.has(url.split('?', 1)[0] ?? '')) return refused(404, 'There is only /health, and /healthz, which is the same.');
  if (method !== 'GET' && method !== 'HEAD') return { ...refused(405, 'Only GET and HEAD are answered.'), allow: 'GET, HEAD' };
  return undefined;
}

export function healthAnswer({ build, round, ageMs, uptimeSec, state, sidecars }: Facts): Answer {
  const failing = databases.filter((name) => round.failures[name] !== undefined);
  const isUp = failing.length === 0;
  const running = sidecars.filter(({ runId }) => runId !== null);
  const body = {
    status: isUp ? 'ok' : 'failing',
    state,
    ts: round.at,
    uptime: uptimeSec,
    ageMs,
    build: buildId(build),
    gitSha: build.gitSha,
    db: Object.fromEntries(databases.map((name) => [name, failing.includes(name) ? 'failing' : 'ok'])),
    sidecars: {
      running: running.length,
      connected: running.filter(({ connected }) => connected).length,
      restarting: sidecars.filter(({ health }) => health.state === 'restarting').length,
      failed: sidecars.filter(({ health }) => health.state === 'failed').length,
    },
  };
  return { status: isUp ? 200 : 503, body };
}

function refused(status: number, error: string): Answer {
  return { status, body: { error } };
}
