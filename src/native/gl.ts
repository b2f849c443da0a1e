/** The addon's interface to OpenGL. */
import type { ImageHandle, NativeShape, NativeStage } from './plan.ts';

/** Events of GLFW; positions in framebuffer pixels from the top left. */
export type NativeWindowEvent =
  | {
      readonly type: 'key';
      /** The key code of GLFW. */
      readonly code: number;
      /** The character on the key in the current layout; empty if it has none. */
      readonly name: string;
      readonly repeat: boolean;
      readonly shift: boolean;
      readonly ctrl: boolean;
      readonly altOrSuper: boolean;
    }
  | { readonly type: 'typed'; readonly character: number }
  | {
      readonly type: 'mousedown' | 'mouseup';
      readonly button: number;
      readonly x: number;
      readonly y: number;
    }
  | { readonly type: 'mousemove'; readonly x: number; readonly y: number }
  | { readonly type: 'wheel'; readonly x: number; readonly y: number; readonly delta: number }
  | { readonly type: 'resize'; readonly width: number; readonly height: number }
  | { readonly type: 'close' };

/** An OpenGL context and its framebuffer; current on this thread once made. */
export interface GLWindowHandle {
  /** Of the framebuffer, in pixels. */
  readonly width: number;
  readonly height: number;
  /** Whether its context is current on this thread. */
  readonly current: boolean;
  makeCurrent(): void;
  swapBuffers(): void;
  setSwapInterval(vsync: boolean): void;
  /** In window units. */
  setSize(width: number, height: number): void;
  free(): void;
}

/** A window of the system's GLFW. */
export interface SystemWindowHandle extends GLWindowHandle {
  readonly scale: number;
  readonly contentScale: number;
  readonly fullscreen: boolean;
  setTitle(title: string): void;
  setFullscreen(on: boolean): void;
  /** The events since the last call. */
  pollEvents(): NativeWindowEvent[];
}

/** OpenGL objects that images are copied to; they must stay until free(). */
interface GLTargetHandle {
  copyFrom(image: ImageHandle, wait: boolean): void;
  free(): void;
}

export interface GLSharedHandle extends GLTargetHandle {
  /** Whether the pixels stay on the device. */
  readonly shared: boolean;
}

export interface GLTextureHandle extends GLTargetHandle {
  readonly width: number;
  readonly height: number;
  /** The image takes the texture's size after `stages`. */
  copyTo(image: ImageHandle, stages: readonly NativeStage[]): void;
}

export interface GLAddon {
  readonly GLWindowHandle: {
    new (provider: 'headless', width: number, height: number): GLWindowHandle;
    new (
      provider: 'system',
      width: number,
      height: number,
      title: string,
      visible: boolean,
    ): SystemWindowHandle;
  };
  readonly GLPixelBufferHandle: new (device: string, buffer: number) => GLSharedHandle;
  /** A texture for each plane. */
  readonly GLFrameTexturesHandle: new (
    device: string,
    shape: NativeShape,
    textures: readonly number[],
  ) => GLSharedHandle;
  readonly GLTextureHandle: new (device: string, texture: number) => GLTextureHandle;
  /** The methods of display/gl.ts; without a window, on a current context that the caller made. */
  readonly GLHandle: { readonly prototype: object; new (window?: GLWindowHandle): object };
  /** Ends the use of a context that the caller made. */
  releaseGL(gl: object): void;
  /** Makes no context current if a window of the addon holds it; call it before another library makes its own current. */
  releaseCurrentContext(): void;
}
