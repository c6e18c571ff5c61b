/**
 * How much the engine may take for what has just been made. Left to itself it grows that part of its heap to three times
 * 32 MB under a steady load and never gives it back, while a backend that works for days has about 20 MB alive.
 */
export const youngHeapFlags: readonly string[] = ['--max-semi-space-size=8'];
