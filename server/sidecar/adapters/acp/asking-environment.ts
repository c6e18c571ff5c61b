/**
 * What a known program is told by its environment, so that it asks the person before it acts, obeys no settings of the
 * repository that say otherwise, and leaves its key out of its files. Measured with the programs themselves. Pure.
 */
import { join } from 'node:path';
import { kindOf } from '../../../protocol/agent-kinds.ts';
import type { RunRecord } from '../../../protocol/run-record.ts';
import type { Environment } from '../../program-environment.ts';
import { keySource } from '../codex/key-source.ts';

type Run = Pick<RunRecord, 'command' | 'projectDir' | 'credentials' | 'environment'>;

/** To be overridden by what the person set, except for what is joined with it here. */
export function askingEnvironment(run: Run, secrets: Environment): Environment {
  switch (kindOf('acp', run.command)) {
    case 'opencode':
      return openCode(run);
    case 'codex-acp':
      return codexAcp(run, secrets);
    default:
      return {};
  }
}

/** Changes and commands; it lets all of them through unless it is told, and asks about what lies outside by itself. */
const askedAbout = { edit: 'ask', bash: 'ask', webfetch: 'ask' };

/** Without the project's configuration, in which an agent may be allowed everything, its `AGENTS.md` has to be named. */
function openCode({ projectDir }: Run): Environment {
  return {
    OPENCODE_PERMISSION: JSON.stringify(askedAbout),
    OPENCODE_DISABLE_PROJECT_CONFIG: '1',
    OPENCODE_DISABLE_AUTOUPDATE: '1',
    OPENCODE_CONFIG_CONTENT: JSON.stringify({ instructions: [join(projectDir, 'AGENTS.md')] }),
  };
}

/**
 * The project's own configuration may allow anything, so it is not trusted. A key that it logs in with, it writes to
 * `auth.json`: so it is a service's key, which no command gets.
 */
function codexAcp(run: Run, secrets: Environment): Environment {
  const key = keySource(run, secrets);
  const projects = { [run.projectDir]: { trust_level: 'untrusted' } };
  if (key === null) return { CODEX_CONFIG: JSON.stringify({ projects }) };
  const service = { name: 'OpenAI', base_url: key.baseUrl, wire_api: 'responses', env_key: key.variable };
  const config = {
    projects,
    model_provider: 'agor',
    model_providers: { agor: service },
    shell_environment_policy: { exclude: [key.variable] },
  };
  return { CODEX_CONFIG: JSON.stringify(config) };
}

/** What the person configures for OpenCode goes on being all that they wrote, with the project's instructions beside it. */
export function joinedEnvironment(ours: Environment, own: Environment): Environment {
  const joined = joinedConfig(ours.OPENCODE_CONFIG_CONTENT, own.OPENCODE_CONFIG_CONTENT);
  return { ...ours, ...own, ...(joined === undefined ? {} : { OPENCODE_CONFIG_CONTENT: joined }) };
}

function joinedConfig(ours: string | undefined, own: string | undefined): string | undefined {
  if (ours === undefined || own === undefined) return undefined;
  try {
    const config: unknown = JSON.parse(own);
    return typeof config === 'object' && config !== null ? JSON.stringify({ ...JSON.parse(ours), ...config }) : undefined;
  } catch {
    // With comments, or wrong: it goes to the program as it is, which says what is wrong with it.
    return undefined;
  }
}
