/** How a service ends, for whoever restarts it: the unit file names them. */
export const serviceExit = {
  /** Asked to end: it stays ended. */
  done: 0,
  /** Refused to start, with the reason: starting it again the same way changes nothing. */
  refused: 1,
  /** Called the wrong way. */
  wrongUsage: 2,
  /** A defect ended it in order: start it again. */
  crashed: 70,
  /** Made way for a newer build, or for a backup that is brought back: start it again, and what comes begins with that. */
  handedOver: 75,
} as const;
