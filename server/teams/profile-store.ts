/** The rows of `agent_profiles`: what an agent is in its team, for those that somebody gave a part. */
import type { AgentId, TeamId } from '../protocol/ids.ts';
import type { AgentProfile } from '../protocol/team.ts';
import type { Database } from '../store/open-database.ts';
import { rowHash } from '../store/row-hash.ts';

/** As it is kept: an agent of no group has no group, and a threshold that nobody set follows the settings. */
export type ProfileRow = Omit<AgentProfile, 'teamId' | 'stallThresholdMin'> & {
  readonly groupId: TeamId | null;
  readonly stallThresholdMin: number | null;
};

export const wakeDefaults = { wakeIntervalMin: 3, wakeThreshold: 0.5 } as const;

type KeptRow = Omit<ProfileRow, 'enabled'> & { readonly enabled: number };

const columns = `agent_id as agentId, role, tier, group_id as groupId, member_key as memberKey, description, system_prompt as systemPrompt,
  wake_strategy as wakeStrategy, wake_interval_min as wakeIntervalMin, wake_threshold as wakeThreshold,
  stall_threshold_min as stallThresholdMin, autonomous_mode as autonomousMode, enabled`;

export class ProfileStore {
  readonly #put;
  readonly #drop;
  readonly #one;
  readonly #all;

  constructor(db: Database) {
    this.#put = db.prepare(
      `insert or replace into agent_profiles (agent_id, role, tier, group_id, member_key, description, system_prompt, wake_strategy,
         wake_interval_min, wake_threshold, stall_threshold_min, autonomous_mode, enabled, row_hash)
       values (:agentId, :role, :tier, :groupId, :memberKey, :description, :systemPrompt, :wakeStrategy,
         :wakeIntervalMin, :wakeThreshold, :stallThresholdMin, :autonomousMode, :enabled, :rowHash)`,
    );
    this.#drop = db.prepare('delete from agent_profiles where agent_id = ?');
    this.#one = db.prepare<[string], KeptRow>(`select ${columns} from agent_profiles where agent_id = ?`);
    this.#all = db.prepare<[], KeptRow>(`select ${columns} from agent_profiles order by agent_id`);
  }

  get(agentId: AgentId): ProfileRow | undefined {
    const row = this.#one.get(agentId);
    return row && fromRow(row);
  }

  all(): ProfileRow[] {
    return this.#all.all().map(fromRow);
  }

  put(profile: ProfileRow): void {
    const { agentId, role, tier, groupId, memberKey, description, systemPrompt, wakeStrategy } = profile;
    const { wakeIntervalMin, wakeThreshold, stallThresholdMin, autonomousMode } = profile;
    const enabled = Number(profile.enabled);
    const named = [agentId, role, tier, groupId, memberKey, description, systemPrompt];
    const cells = [...named, wakeStrategy, wakeIntervalMin, wakeThreshold, stallThresholdMin, autonomousMode, enabled];
    this.#put.run({ ...profile, enabled, rowHash: rowHash(cells) });
  }

  drop(agentId: AgentId): void {
    this.#drop.run(agentId);
  }
}

function fromRow(row: KeptRow): ProfileRow {
  return { ...row, enabled: row.enabled === 1 };
}
