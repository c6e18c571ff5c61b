/**
 * What a person can set for the whole backend. The database keeps what was set and nothing else; VS Code's settings of
 * the same names (`agor.<key>`) are handed over by each window, `agor config` sets them without one.
 */
import * as z from 'zod/mini';
import { TokenLimit, UsdLimit } from './budget.ts';
import { DesktopWish, NoticeType } from './notice.ts';
import { NetworkAccess, SandboxMode } from './sandbox.ts';

const whole = (min: number, max: number) => {
  const expected = `a whole number from ${min} to ${max} is expected`;
  return z.number(expected).check(z.int(expected), z.minimum(min, expected), z.maximum(max, expected));
};
const listOf = <S extends z.ZodMiniType>(schema: S) =>
  z.array(schema, 'a list is expected').check(z.maxLength(100, 'at most 100 are possible'));
const path = z.string('an absolute path is expected').check(z.startsWith('/', 'an absolute path is expected'), z.maxLength(4096));

export const settingSchemas = {
  'turns.max': whole(1, 100),
  'agent.idleMinutes': whole(1, 10_080),
  'agent.orphanGraceMinutes': whole(1, 1_440),
  'agent.hardTurnMinutes': whole(1, 10_080),
  'agent.memoryMb': whole(128, 1_048_576),
  'agent.processes': whole(16, 100_000),
  'agent.openFiles': whole(64, 1_048_576),
  'agent.cpuPercent': whole(5, 10_000),
  'agent.maxHeapMb': whole(64, 65_536),
  'agent.stallThresholdMin': whole(5, 60),
  /** Of the day where the backend runs. */
  'backup.hour': whole(0, 23),
  'backup.keepDays': whole(1, 3_650),
  /** Empty: `backups` in the data directory. */
  'backup.folder': z.union([z.literal(''), path], 'an absolute path, or nothing, is expected'),
  'budget.agentUsdPerDay': UsdLimit,
  'budget.agentTokensPerDay': TokenLimit,
  'budget.projectUsdPerDay': UsdLimit,
  'budget.projectTokensPerDay': TokenLimit,
  'budget.totalUsdPerDay': UsdLimit,
  'budget.totalTokensPerDay': TokenLimit,
  'budget.turnUsd': UsdLimit,
  'budget.turnTokens': TokenLimit,
  'loops.breaker': z.boolean('true or false is expected'),
  'messages.ttlMinutes': whole(1, 43_200),
  'messages.perMinute': whole(1, 100_000),
  'messages.maxHops': whole(1, 1_000),
  'messages.staleAfterSec': whole(10, 86_400),
  'health.maxAgeSec': whole(10, 86_400),
  /** Of a service (`agor serve`); 0: none. */
  'health.port': whole(0, 65_535),
  'notifications.desktop': DesktopWish,
  'notifications.doNotDisturb': z.boolean('true or false is expected'),
  'notifications.types': listOf(NoticeType),
  /** Minutes; 0: questions wait for as long as their agent does. */
  'permissions.timeLimitMin': whole(0, 43_200),
  /** Days; 0: kept for good. */
  'retention.messageDays': whole(0, 36_500),
  'retention.transcriptDays': whole(0, 36_500),
  'sandbox.mode': SandboxMode,
  'sandbox.network': NetworkAccess,
  'sandbox.ports': listOf(whole(1, 65_535)),
  'sandbox.readWritePaths': listOf(path),
  'sandbox.readOnlyPaths': listOf(path),
  'supervisor.maxAttempts': whole(1, 20),
  'supervisor.baseDelayMs': whole(10, 60_000),
  'supervisor.maxDelayMs': whole(10, 3_600_000),
  'supervisor.stableMinutes': whole(1, 1_440),
} as const;
export type SettingName = keyof typeof settingSchemas;
export type Settings = { readonly [K in SettingName]: z.infer<(typeof settingSchemas)[K]> };

export const defaultSettings: Settings = {
  'turns.max': 5,
  'agent.idleMinutes': 30,
  'agent.orphanGraceMinutes': 10,
  'agent.hardTurnMinutes': 240,
  'agent.memoryMb': 4_096,
  'agent.processes': 2_048,
  'agent.openFiles': 4_096,
  'agent.cpuPercent': 400,
  'agent.maxHeapMb': 2_048,
  'agent.stallThresholdMin': 15,
  'backup.hour': 3,
  'backup.keepDays': 7,
  'backup.folder': '',
  'budget.agentUsdPerDay': 10,
  'budget.agentTokensPerDay': 5_000_000,
  'budget.projectUsdPerDay': 25,
  'budget.projectTokensPerDay': 12_500_000,
  'budget.totalUsdPerDay': 50,
  'budget.totalTokensPerDay': 25_000_000,
  'budget.turnUsd': 5,
  'budget.turnTokens': 2_500_000,
  'loops.breaker': true,
  'messages.ttlMinutes': 1_440,
  'messages.perMinute': 30,
  'messages.maxHops': 8,
  'messages.staleAfterSec': 300,
  'health.maxAgeSec': 30,
  'health.port': 18_801,
  'notifications.desktop': 'away',
  'notifications.doNotDisturb': false,
  'notifications.types': ['error', 'warning', 'info', 'agent_complete', 'agent_error'],
  'permissions.timeLimitMin': 0,
  'retention.messageDays': 90,
  'retention.transcriptDays': 0,
  'sandbox.mode': 'preferred',
  'sandbox.network': 'open',
  'sandbox.ports': [22, 80, 443],
  'sandbox.readWritePaths': [],
  'sandbox.readOnlyPaths': [],
  'supervisor.maxAttempts': 5,
  'supervisor.baseDelayMs': 1_000,
  'supervisor.maxDelayMs': 30_000,
  'supervisor.stableMinutes': 5,
};

// The table's own keys; `Object.keys` forgets them.
export const settingNames = Object.keys(settingSchemas) as SettingName[];

/** By which the environment of the backend sets it: `agent.idleMinutes` is `AGOR_AGENT_IDLE_MINUTES`. */
export function variableOf(name: SettingName): string {
  return `AGOR_${name
    .replace(/([A-Z])/g, '_$1')
    .replaceAll('.', '_')
    .toUpperCase()}`;
}

/** Reads one, as it is set now. */
export type Setting = <K extends SettingName>(name: K) => Settings[K];
