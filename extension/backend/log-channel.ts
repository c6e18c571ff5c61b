/** The output channel "Agor": what this window and the backend log, in one place, at the level chosen there. */
import { type Disposable, LogLevel, type LogOutputChannel } from 'vscode';
import type { LogLevel as BackendLogLevel } from '../../server/protocol/requests.ts';
import type { Backend } from './backend.ts';

/** The backend has one level for all windows: a window that never touched its own leaves it alone. */
export function shareLog(channel: LogOutputChannel, backend: Backend): Disposable[] {
  const setLevel = () => {
    if (backend.connection.phase !== 'connected') return;
    backend.call('log/setLevel', { level: backendLevel(channel.logLevel) }).catch((error: Error) => channel.warn(error.message));
  };
  return [
    channel.onDidChangeLogLevel(setLevel),
    backend.onDidChangeConnection(({ phase }) => {
      if (phase === 'connected' && channel.logLevel !== LogLevel.Info) setLevel();
    }),
    backend.on('log/written', ({ level, message }) => write(channel, level, message)),
  ];
}

function write(channel: LogOutputChannel, level: BackendLogLevel, message: string): void {
  if (level === 'fatal') channel.error(message);
  else channel[level](message);
}

function backendLevel(level: LogLevel): BackendLogLevel {
  if (level === LogLevel.Trace) return 'trace';
  if (level === LogLevel.Debug) return 'debug';
  if (level === LogLevel.Info) return 'info';
  if (level === LogLevel.Warning) return 'warn';
  return level === LogLevel.Error ? 'error' : 'fatal';
}
