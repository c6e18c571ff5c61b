/** Works through a list with a few workers, each told which one it is. */
export async function sideBySide<T>(items: readonly T[], workers: number, work: (item: T, worker: number) => Promise<void>): Promise<void> {
  let next = 0;
  const loop = async (worker: number) => {
    for (let at = next++; at < items.length; at = next++) {
      const item = items[at];
      if (item !== undefined) await work(item, worker);
    }
  };
  await Promise.all(Array.from({ length: workers }, (_, worker) => loop(worker)));
}
