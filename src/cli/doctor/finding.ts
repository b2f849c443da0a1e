/** One line of the doctor's report. */
export interface Finding {
  readonly name: string;
  readonly ok: boolean;
  readonly detail: string;
  /** How to fix it. */
  readonly remedy?: string;
  /** Whether nothing runs without it. */
  readonly essential?: true;
}
