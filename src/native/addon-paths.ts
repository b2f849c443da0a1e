/** Where framelane.node and the launcher beside it may be: FRAMELANE_ADDON, or the build folders. */
import { fileURLToPath } from 'node:url';

export function addonPaths(): string[] {
  const given = process.env['FRAMELANE_ADDON'];
  if (given) return [given];
  const builds = ['../../build/Release/framelane.node', '../../build/framelane.node'];
  return builds.map((path) => fileURLToPath(new URL(path, import.meta.url)));
}
