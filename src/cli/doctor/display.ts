import { listProviders, type ProviderStatus } from '../../display/provider.ts';
import type { Finding } from './finding.ts';

/** Which providers can open a window; each is tried. */
export async function displayFindings(): Promise<Finding[]> {
  return (await listProviders()).map((status) => {
    const { name, works, detail } = status;
    return { name: `window ${name}`, ok: works, detail, ...(works ? {} : remedyFor(status)) };
  });
}

function remedyFor({ name, detail }: ProviderStatus): { remedy: string } {
  if (name === 'headless') return { remedy: 'apt-get install -y libegl1 libgl1-mesa-dri' };
  if (/DISPLAY/.test(detail))
    return { remedy: 'run in a desktop session (DISPLAY or WAYLAND_DISPLAY), or under xvfb-run' };
  if (name === 'system') return { remedy: 'apt-get install -y libglfw3 libgl1' };
  if (/find module '(glfw|webgl)-raub'/.test(detail)) {
    return { remedy: 'npm install glfw-raub@5 webgl-raub@4' };
  }
  const packages = 'deps-opengl-raub glfw-raub webgl-raub';
  return {
    remedy: `npm rebuild ${packages} --foreground-scripts (their install scripts download)`,
  };
}
