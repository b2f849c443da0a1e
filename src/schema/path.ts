/** Whether a value can be the path of a file. */
export function isPath(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}
