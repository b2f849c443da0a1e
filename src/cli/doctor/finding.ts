/** One line of the doctor's report. */
export interface Finding {
  readonly name: string;
  readonly ok: boolean;
  readonly detail: string;
  /** What to do where it is not ok. */
  readonly remedy?: string;
  /** Without it nothing runs. */
  readonly essential?: true;
}
