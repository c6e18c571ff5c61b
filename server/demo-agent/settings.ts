/** What the demo agent takes from its environment. */
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { type ControlDoor, controlDoor } from '../base/control-call.ts';

export type DemoSettings = {
  /** Sessions are kept here, so that they survive the program. */
  readonly stateDir: string;
  /** 1 is normal, 2 twice as fast, 0 without pauses. */
  readonly speed: number;
  /** Where it asks for what concerns its team; null when nobody runs it beside other agents. */
  readonly door: ControlDoor | null;
};

export function demoSettings(environment: NodeJS.ProcessEnv): DemoSettings {
  return { stateDir: stateDir(environment), speed: speed(environment.AGOR_DEMO_SPEED), door: controlDoor(environment) };
}

function stateDir(environment: NodeJS.ProcessEnv): string {
  if (environment.AGOR_DEMO_STATE_DIR) return environment.AGOR_DEMO_STATE_DIR;
  if (environment.XDG_STATE_HOME) return join(environment.XDG_STATE_HOME, 'agor-demo');
  return join(tmpdir(), `agor-demo-${userInfo().uid}`);
}

function speed(value: string | undefined): number {
  const number = Number(value);
  return value !== undefined && value !== '' && Number.isFinite(number) && number >= 0 ? number : 1;
}
