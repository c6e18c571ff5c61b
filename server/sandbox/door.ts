/** The folder with the socket to the agent's own sidecar, where it does not lie in the agent's folder: its path would be too long there. */
import { dirname } from 'node:path';
import type { SandboxRequest } from './request.ts';
import { isWithin } from './resolved-path.ts';

export function doorOutside({ environment, agentDir }: Pick<SandboxRequest, 'environment' | 'agentDir'>): string[] {
  const socket = environment.AGOR_CONTROL_SOCKET ?? '';
  return socket === '' || isWithin(socket, agentDir) ? [] : [dirname(socket)];
}
