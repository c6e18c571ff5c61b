/**
 * Finds any of many words in one pass, whatever the words and the text are: the automaton of Aho and Corasick with all its
 * steps worked out beforehand, so that each character is one look into a table. A state is where its row begins.
 */

export class Automaton {
  /** Rows: after each column of characters the state that follows, zero where no word has begun; then what is known of the state. */
  readonly table: Int32Array;
  /** The column of a character: those that no word holds share the first. */
  readonly columnOf = new Uint16Array(0x10000);
  /** In a row, the longest word that ends there (-1: none), and how many characters of a word have been seen. */
  readonly foundColumn: number;
  readonly depthColumn: number;
  /** Room for the places of the last characters, as many as the longest word has; a power of two of them. */
  readonly starts: Int32Array;
  readonly #wordLengths: readonly number[];
  readonly #width: number;
  #states = 1;

  constructor(words: readonly string[]) {
    this.#wordLengths = words.map((word) => word.length);
    this.foundColumn = this.#assignColumns(words);
    this.depthColumn = this.foundColumn + 1;
    this.#width = this.depthColumn + 1;
    this.starts = new Int32Array(2 ** Math.ceil(Math.log2(Math.max(1, ...this.#wordLengths) + 1)));
    this.table = new Int32Array(words.reduce((sum, word) => sum + word.length, 1) * this.#width).fill(-1);
    this.table[this.depthColumn] = 0;
    for (const [index, word] of words.entries()) this.#add(word, index);
    this.#completeSteps();
  }

  lengthOf(word: number): number {
    return this.#wordLengths[word] ?? 0;
  }

  /** Returns how many there are. */
  #assignColumns(words: readonly string[]): number {
    let columns = 1;
    for (const unit of words.flatMap(unitsOf)) {
      if (this.columnOf[unit] !== 0) continue;
      this.columnOf[unit] = columns;
      columns += 1;
    }
    return columns;
  }

  #add(word: string, index: number): void {
    let state = 0;
    for (const [at, unit] of unitsOf(word).entries()) {
      const place = state + (this.columnOf[unit] ?? 0);
      if (this.#at(place) < 0) {
        this.table[place] = this.#states * this.#width;
        this.table[this.#at(place) + this.depthColumn] = at + 1;
        this.#states += 1;
      }
      state = this.#at(place);
    }
    if (this.#at(state + this.foundColumn) < 0) this.table[state + this.foundColumn] = index;
  }

  /** State by state, the shorter ones first: where a word does not go on, it goes on as the longest end of what was seen would. */
  #completeSteps(): void {
    const shorter = new Map<number, number>();
    const queue = [0];
    for (let at = 0; at < queue.length; at += 1) {
      const state = queue[at] ?? 0;
      const fallback = shorter.get(state) ?? 0;
      const found = state + this.foundColumn;
      if (this.#at(found) < 0) this.table[found] = this.#at(fallback + this.foundColumn);
      for (let column = 0; column < this.foundColumn; column += 1) {
        const inFallback = state === 0 ? 0 : this.#at(fallback + column);
        const child = this.#at(state + column);
        if (child < 0) this.table[state + column] = inFallback;
        else {
          shorter.set(child, inFallback);
          queue.push(child);
        }
      }
    }
  }

  #at(place: number): number {
    return this.table[place] ?? -1;
  }
}

function unitsOf(word: string): number[] {
  return Array.from({ length: word.length }, (_, index) => word.charCodeAt(index));
}
