/**
 * Stands in the place of the extension's program, because VS Code's extension host takes no preloads: what reading the
 * program and calling `activate()` take of the processor, as one line of JSON in the file that AGOR_BENCH_ACTIVATION names.
 * Time that others took is not in it.
 */
const { appendFileSync } = require('node:fs');

const spentMs = (since) => {
  const { user, system } = process.threadCpuUsage(since);
  return (user + system) / 1_000;
};

const readBegun = process.threadCpuUsage();
const program = require('./extension.measured.cjs');
const readMs = spentMs(readBegun);

exports.activate = (context) => {
  const begun = process.threadCpuUsage();
  const result = program.activate(context);
  appendFileSync(process.env.AGOR_BENCH_ACTIVATION, `${JSON.stringify({ readMs, activateMs: spentMs(begun) })}\n`);
  return result;
};
exports.deactivate = program.deactivate;
