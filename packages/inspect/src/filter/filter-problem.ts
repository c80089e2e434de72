/** Something wrong in the text of a filter, with its place. */
export interface FilterProblem {
  readonly message: string;
  /** Index of the first character, and behind the last one: what to mark. */
  readonly start: number;
  readonly end: number;
}
