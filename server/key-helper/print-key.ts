/**
 * MAIN of the command that Claude Code calls for its key: `key-helper <VARIABLE>` prints the secret that the sidecar
 * holds for it. So the key is in no environment and no argument, and leaves the sidecar's memory only when it is asked
 * for. Whoever runs inside the agent can call it too.
 */
import { request } from 'node:http';
import { text } from 'node:stream/consumers';

const timeoutMs = 10_000;

void main();

async function main(): Promise<void> {
  try {
    process.stdout.write(await ask(process.argv[2], process.env));
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  }
}

async function ask(
  variable: string | undefined,
  { AGOR_CONTROL_SOCKET: socketPath, AGOR_RUN_TOKEN: token }: NodeJS.ProcessEnv,
): Promise<string> {
  if (!variable) throw new Error('Usage: key-helper <VARIABLE>');
  if (!socketPath || !token) throw new Error('The key is there only for an agent that Agent Orchestrator runs.');
  const path = `/secret/${encodeURIComponent(variable)}`;
  return new Promise((resolve, reject) => {
    const asked = request({ socketPath, path, headers: { authorization: `Bearer ${token}` }, timeout: timeoutMs }, (response) => {
      const answered = response.statusCode === 200 ? text(response) : refusal(response.statusCode);
      answered.then(resolve, reject);
    });
    asked.once('timeout', () => asked.destroy(new Error('the agent’s sidecar does not answer')));
    asked.once('error', (cause) => reject(new Error(`The key cannot be asked for: ${cause.message}.`, { cause })));
    asked.end();
  });
}

async function refusal(status: number | undefined): Promise<never> {
  throw new Error(
    status === 404 ? 'The agent has no such key now. Set its secret, then prompt it again.' : `The key was refused (${status}).`,
  );
}
