/** What a service tells systemd: that it is ready, that it is alive, and that it ends. Elsewhere it tells nobody. */

export type NotifyPlan = {
  readonly socketPath: string;
  /** At least so often systemd wants to hear; undefined when it does not watch. */
  readonly watchdogMs: number | undefined;
};

export type Notify = (message: string) => void;

/** Undefined outside of systemd, and for variables that are meant for another process. */
export function notifyPlan(env: NodeJS.ProcessEnv, pid: number): NotifyPlan | undefined {
  const socketPath = env.NOTIFY_SOCKET;
  if (!socketPath || !/^[/@]/.test(socketPath)) return undefined;
  const isOurs = env.WATCHDOG_PID === undefined || env.WATCHDOG_PID === String(pid);
  const usec = Number(env.WATCHDOG_USEC);
  return { socketPath, watchdogMs: isOurs && usec > 0 ? usec / 1000 : undefined };
}

/** Processes that we start are none of systemd's business: they must not speak in our name. */
export function forgetNotifyVariables(env: NodeJS.ProcessEnv): void {
  for (const name of ['NOTIFY_SOCKET', 'WATCHDOG_USEC', 'WATCHDOG_PID']) delete env[name];
}
