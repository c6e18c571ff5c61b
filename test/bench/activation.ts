/** What the extension does while VS Code activates it, by VS Code's own clock, in a real window. */
import { startEditor } from '../support/editor.ts';
import { tellFigure } from './bench-figure.ts';
import { quantile } from './figures.ts';

const windows = 3;

export async function measureActivation(): Promise<void> {
  const editor = await startEditor();
  const times: number[] = [];
  try {
    for (let round = 0; round < windows; round += 1) {
      const window = await editor.openPage();
      await window.runCommand('Developer: Show Running Extensions');
      const row = window.page.locator('.running-extensions-editor .monaco-list-row, .runtime-extensions-editor .monaco-list-row', {
        hasText: 'Agent Orchestrator',
      });
      const told = await row.locator('.activation-time').first().innerText();
      times.push(Number(/(\d+)\s*ms/.exec(told)?.[1]));
      await window.page.context().close();
    }
  } finally {
    await editor.stop();
  }
  console.log(`activation in ${windows} windows: ${times.join(', ')} ms, the reading of its program included`);
  const value = quantile(times, 0.5);
  tellFigure({
    ...{ name: 'start: activation of the extension', ratio: value, target: 50, atLeast: false, unit: 'ms' },
    product: { what: 'its program read and activate() called', value, unit: 'ms' },
  });
}
