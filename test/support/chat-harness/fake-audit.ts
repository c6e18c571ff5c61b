/** The audit panel's page with VS Code and the backend played by `window.audit`. */
import { Agent } from '../../../server/protocol/agent.ts';
import { AuditRecord, type AuditVerdict } from '../../../server/protocol/audit.ts';
import { auditTexts } from '../../../server/protocol/audit-texts.ts';
import { Team } from '../../../server/protocol/team.ts';
import type { ToWebview } from '../../../server/protocol/webview.ts';
import { manyRows, sampleRow, sampleRows } from './audit-data.ts';
import { parties, person, sampleAgents, sampleProfile, sampleTask, sampleTeam } from './board-data.ts';
import { FakePanel, installPanel } from './fake-panel.ts';
import { hostile } from './hostile.ts';
import { id } from './sample-data.ts';

export class FakeAudit extends FakePanel {
  /** Newest first. */
  rows: AuditRecord[] = sampleRows();
  teams: Team[] = [sampleTeam(), { ...sampleTeam(), id: id('7ea4', 2), name: 'website' }];
  breaks: AuditVerdict['breaks'] = [];

  #agents = sampleAgents();

  override fill(text: string): void {
    this.#agents = sampleAgents().map((agent) => hostile(Agent, agent, text));
    this.teams = this.teams.map((team) => hostile(Team, team, text));
    this.breaks = [{ seq: 7, kind: 'changed', detail: text }];
    const detail = { [text]: text, nested: { [text]: [text, { [text]: text }] } };
    const { seq: _seq, ...row } = hostile(AuditRecord, sampleRow(1, { event: '', agentId: '', detail }), text);
    this.rows = this.rows.slice(0, 3);
    this.append(row);
    this.notify('agent/removed', { agentId: id('a9e7', 9) });
    this.show(this.rows[0]?.seq ?? 0);
  }

  /** Another row is written, and told of. */
  append(draft: Pick<AuditRecord, 'event'> & Partial<AuditRecord>): void {
    const seq = (this.rows[0]?.seq ?? 0) + 1;
    this.rows = [sampleRow(seq, draft), ...this.rows];
    this.notify('audit/appended', { seq });
  }

  show(seq: number): void {
    this.tell({ type: 'showRow', seq });
  }

  protected override welcome(): ToWebview {
    return { type: 'init', version: 1, agentId: null, sessionId: null, connection: 'connected', texts: { ...auditTexts } };
  }

  protected override result(method: string, params: Record<string, unknown>): unknown {
    if (method === 'team/list') {
      return { teams: this.teams, profiles: parties.map((_, index) => sampleProfile(index + 1)), teammates: [] };
    }
    if (method === 'agent/list') return { agents: this.#agents };
    if (method === 'audit/list') return this.#list(params);
    if (method === 'audit/verify') return this.#verify();
    if (method === 'task/add') {
      return sampleTask(11, { title: String(params.title), description: String(params.description), state: 'todo', createdBy: person });
    }
    return {};
  }

  #list({ events, heartbeats, agent, from, to, text, beforeSeq, afterSeq, limit }: Record<string, unknown>) {
    const wanted = Array.isArray(events) ? events : null;
    const fits = (row: AuditRecord) =>
      (wanted ? wanted.includes(row.event) : heartbeats === true || row.event !== 'heartbeat') &&
      (agent === undefined || row.agentId === agent) &&
      row.at >= Number(from ?? 0) &&
      row.at <= Number(to ?? Number.MAX_SAFE_INTEGER) &&
      row.seq < Number(beforeSeq ?? Number.MAX_SAFE_INTEGER) &&
      row.seq > Number(afterSeq ?? 0) &&
      JSON.stringify(row.detail)
        .toLowerCase()
        .includes(String(text ?? '').toLowerCase());
    const found = this.rows.filter(fits);
    const records = found.slice(0, Number(limit ?? 200));
    return { records, hasEarlier: records.length < found.length, beforeSeq: records.at(-1)?.seq ?? 1 };
  }

  #verify(): AuditVerdict {
    const { seq = 0, hash = '' } = this.rows[0] ?? {};
    return { rows: this.rows.length, head: { seq, hash }, breaks: this.breaks, bridged: [] };
  }
}

declare global {
  interface Window {
    audit: FakeAudit;
  }
}

window.audit = new FakeAudit();
installPanel(window.audit, 'agor.audit.state');
const given = new URLSearchParams(location.search);
if (given.has('many')) window.audit.rows = manyRows(Number(given.get('many')));
if (given.has('empty')) window.audit.rows = [];
if (given.has('fails')) window.audit.refusals.set('audit/list', 'The database is damaged. Run "agor recover".');
