/** A real VS Code with the real Claude Code, which talks to a stand-in of the model's API. */
import type { AgentRole } from '../../server/protocol/team.ts';
import { claudeProgram } from './claude-program.ts';
import { type Editor, startEditor } from './editor.ts';
import { type ModelApi, startModelApi } from './model-api.ts';
import type { Workbench } from './workbench.ts';

export type ClaudeEditor = {
  readonly editor: Editor;
  readonly window: Workbench;
  readonly model: ModelApi;
  readonly program: string;
  /** Adds an agent to the project, once the window is connected; answers its id. */
  readonly addClaude: (name: string, role?: AgentRole) => Promise<string>;
  readonly stop: () => Promise<void>;
};

export async function startClaudeEditor(): Promise<ClaudeEditor> {
  const program = await claudeProgram();
  const model = await startModelApi();
  const editor = await startEditor({ settings: { 'workbench.colorTheme': 'Default Dark Modern' } });
  const window = await editor.openPage();
  const environment = { ANTHROPIC_API_KEY: 'not-a-key', ANTHROPIC_BASE_URL: model.url, CLAUDE_CODE_MAX_RETRIES: '0' };
  const addClaude = async (name: string, role: AgentRole = 'project') => {
    await window.connected();
    const added = ['agent', 'add', name, '--provider', 'claude', '--role', role, '--project', 'sample', '--env', 'CLAUDE_CODE_MAX_RETRIES'];
    return (await editor.agor<{ id: string }>([...added, '--', program], environment)).id;
  };
  const stop = async () => {
    await editor.stop();
    await model.close();
  };
  return { editor, window, model, program, addClaude, stop };
}
