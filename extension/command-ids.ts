/** Every command of the extension; package.json contributes exactly these. */
export const commandIds = [
  'agor.openChat',
  'agor.addProject',
  'agor.addWorkspaceFolder',
  'agor.removeProject',
  'agor.trustProject',
  'agor.addAgent',
  'agor.removeAgent',
  'agor.startAgent',
  'agor.stopAgent',
  'agor.interruptAgent',
  'agor.restartAgent',
  'agor.pauseAgent',
  'agor.resumeAgent',
  'agor.newSession',
  'agor.resumeSession',
  'agor.answerApproval',
  'agor.showHealth',
  'agor.restartBackend',
  'agor.showLog',
  'agor.copyId',
] as const;

export type CommandId = (typeof commandIds)[number];
