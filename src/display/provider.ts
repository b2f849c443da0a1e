/** Opens windows by the first provider that works. */
import { describeValue, FramelaneError } from '../errors/errors.ts';
import { checkNames } from '../errors/option-names.ts';
import {
  checkWindowSize,
  type GLWindow,
  type ProviderName,
  type WindowOptions,
  windowOptionNames,
} from './window.ts';

export interface OpenWindowOptions extends WindowOptions {
  /**
   * `auto` is the first of system and raub that works, or headless for an invisible window. FRAMELANE_WINDOW by default, else
   * `auto`.
   */
  readonly provider?: ProviderName | 'auto' | undefined;
}

export interface ProviderStatus {
  readonly name: ProviderName;
  readonly works: boolean;
  /** OpenGL's renderer and version, or why it does not work. */
  readonly detail: string;
}

const open: Record<ProviderName, (options: WindowOptions) => Promise<GLWindow>> = {
  async system(options) {
    const { SystemWindow } = await import('./system.ts');
    return new SystemWindow(options);
  },
  async raub(options) {
    const { loadRaub, RaubProviderWindow } = await import('./raub.ts');
    return new RaubProviderWindow(loadRaub(), options);
  },
  async headless(options) {
    const { HeadlessWindow } = await import('./headless.ts');
    return new HeadlessWindow(options);
  },
};

/** For visible windows: the system's GLFW supports its desktop better than one that was built elsewhere. */
const onScreen: readonly ProviderName[] = ['system', 'raub'];

/**
 * A window whose OpenGL context is current. ERR_GL_UNAVAILABLE where the provider does not work here, with the reason;
 * ERR_INVALID_SIZE, ERR_INVALID_ARGUMENT.
 *
 * @example
 * using window = await openWindow({ provider: 'headless', width: 640, height: 360 })
 */
export async function openWindow(options: OpenWindowOptions): Promise<GLWindow> {
  checkNames(options, [...windowOptionNames, 'provider']);
  const { provider, ...rest } = options;
  checkWindowSize(rest);
  const wanted = wantedProvider(provider);
  if (wanted !== 'auto') return open[wanted](rest);
  if (options.visible === false) return open.headless(rest);
  const reasons: string[] = [];
  for (const name of onScreen) {
    try {
      return await open[name](rest);
    } catch (error) {
      if (!isUnavailable(error)) throw error;
      reasons.push(`${name}: ${error.message}`);
    }
  }
  throw new FramelaneError(
    'ERR_GL_UNAVAILABLE',
    `no window can be opened here (${reasons.join('; ')}); the provider headless works without a screen`,
  );
}

/** The given provider, else that of FRAMELANE_WINDOW, else `auto`. */
export function wantedProvider(provider: OpenWindowOptions['provider']): ProviderName | 'auto' {
  const value: unknown = provider ?? (process.env['FRAMELANE_WINDOW'] || 'auto');
  if (value === 'auto' || (typeof value === 'string' && Object.hasOwn(open, value))) {
    return value as ProviderName | 'auto';
  }
  throw new FramelaneError(
    'ERR_INVALID_ARGUMENT',
    `window provider: expected auto, system, raub or headless, received ${describeValue(value)}`,
    { path: 'provider' },
  );
}

function isUnavailable(error: unknown): error is FramelaneError {
  return error instanceof FramelaneError && error.code === 'ERR_GL_UNAVAILABLE';
}

/**
 * The status of each provider, found by opening an invisible window.
 *
 * @example
 * for (const { name, works, detail } of await listProviders()) console.log(name, works, detail)
 */
export async function listProviders(): Promise<ProviderStatus[]> {
  const statuses: ProviderStatus[] = [];
  for (const name of [...onScreen, 'headless'] as const) statuses.push(await tryProvider(name));
  return statuses;
}

async function tryProvider(name: ProviderName): Promise<ProviderStatus> {
  try {
    using window = await open[name]({ width: 16, height: 16, visible: false });
    const { gl } = window;
    const detail = `${gl.getParameter(gl.RENDERER)}, OpenGL ${gl.getParameter(gl.VERSION)}`;
    return { name, works: true, detail };
  } catch (error) {
    return { name, works: false, detail: (error as Error).message };
  }
}
