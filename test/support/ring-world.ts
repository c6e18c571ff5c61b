/** The sidecar's session with a real program below it, and all that is told of it. */
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { systemClock } from '../../server/base/clock.ts';
import { newId } from '../../server/base/uuid.ts';
import type { PromptId, SessionId } from '../../server/protocol/ids.ts';
import { noHooks } from '../../server/sidecar/adapter.ts';
import { AcpAdapter, defaultAcpOptions } from '../../server/sidecar/adapters/acp/acp-adapter.ts';
import { Gate } from '../../server/sidecar/gate.ts';
import { startProgram } from '../../server/sidecar/program.ts';
import { Programs } from '../../server/sidecar/programs.ts';
import { SessionRunner } from '../../server/sidecar/session-runner.ts';
import { fixturePath } from './acp-harness.ts';
import { EventRecorder } from './event-recorder.ts';

export class RingWorld {
  readonly recorder = new EventRecorder();
  readonly folder = mkdtempSync(path.join(os.tmpdir(), 'agor-ring-'));
  readonly programs = new Programs({ startProgram, flow: new Gate(), onChanged: () => {} }, { programUmask: 0o022 });
  readonly runner: SessionRunner;

  constructor(program: string, { hardTurnMinutes = null }: { readonly hardTurnMinutes?: number | null } = {}) {
    const context = {
      projectDir: this.folder,
      agentDir: this.folder,
      command: [process.execPath, fixturePath(program)],
      environment: { PATH: process.env.PATH ?? '' },
      startProgram: this.programs.start,
      log: () => {},
      tools: null,
      hooks: noHooks,
    };
    this.runner = new SessionRunner({
      createAdapter: (told) => new AcpAdapter({ ...context, ...told }, { ...defaultAcpOptions, cancelGraceMs: 100 }),
      emit: (_, event) => this.recorder.emit(event),
      keepNow: () => {},
      mail: { take: async () => [], putBack: () => {}, besides: () => undefined },
      onProgramChanged: () => {},
      onStep: () => {},
      clock: systemClock,
      random: () => 0,
      hardTurnMinutes,
      terminate: (graceMs) => this.programs.terminateAll(graceMs),
      lookAtProtected: async () => async () => [],
      log: () => {},
    });
  }

  readonly open = () => {
    return this.runner.open({ sessionId: newId<SessionId>(), providerSessionId: null, model: null, secrets: {} });
  };

  readonly prompt = async (text: string): Promise<void> => {
    await this.runner.prompt({ promptId: newId<PromptId>(), text });
  };

  async close(): Promise<void> {
    await this.runner.stop({ denial: 'the test is over', turnGraceMs: 100 });
    await this.programs.stopAll();
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 10 });
  }
}
