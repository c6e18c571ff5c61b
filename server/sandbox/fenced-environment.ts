/**
 * What tools are told because the person's home folder is out of their reach: where to keep what they download and build,
 * and not to sign. A cache that several agents or the person shared would be a way from one into the other: what one of
 * them leaves there, the next build runs.
 */
import { join } from 'node:path';

export function fencedEnvironment(agentDir: string): Record<string, string> {
  const cache = join(agentDir, 'cache');
  return {
    XDG_CACHE_HOME: cache,
    XDG_STATE_HOME: join(agentDir, 'state'),
    npm_config_cache: join(cache, 'npm'),
    PNPM_HOME: join(cache, 'pnpm'),
    YARN_GLOBAL_FOLDER: join(cache, 'yarn-berry'),
    BUN_INSTALL_CACHE_DIR: join(cache, 'bun'),
    CARGO_HOME: join(cache, 'cargo'),
    GOPATH: join(cache, 'go'),
    GRADLE_USER_HOME: join(cache, 'gradle'),
    MAVEN_OPTS: `-Dmaven.repo.local=${join(cache, 'maven')}`,
    NUGET_PACKAGES: join(cache, 'nuget'),
    DOTNET_CLI_HOME: join(cache, 'dotnet'),
    BUNDLE_USER_HOME: join(cache, 'bundle'),
    COMPOSER_HOME: join(cache, 'composer'),
    ...withoutSignatures,
  };
}

/** The keys are not there, so a commit that must be signed would fail; and nobody has signed what an agent commits. */
const withoutSignatures = {
  GIT_CONFIG_COUNT: '2',
  GIT_CONFIG_KEY_0: 'commit.gpgSign',
  GIT_CONFIG_VALUE_0: 'false',
  GIT_CONFIG_KEY_1: 'tag.gpgSign',
  GIT_CONFIG_VALUE_1: 'false',
} as const;
