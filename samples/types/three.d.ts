/** What the samples use of three.js, which comes without types; others may install @types/three. */
declare module 'three' {
  import type { GL, GLObject } from 'framelane';

  export const SRGBColorSpace: 'srgb';
  export const FloatType: number;

  class Vector3 {
    constructor(x: number, y: number, z: number);
    set(x: number, y: number, z: number): this;
  }
  class Object3D {
    readonly position: Vector3;
    readonly rotation: { set(x: number, y: number, z: number): void };
    renderOrder: number;
    add(...objects: Object3D[]): this;
    lookAt(x: number, y: number, z: number): void;
  }
  export class Scene extends Object3D {
    background: Color | null;
  }
  export class Color {
    constructor(color: string);
    setRGB(red: number, green: number, blue: number): this;
  }
  export class Matrix4 {
    makeTranslation(x: number, y: number, z: number): this;
  }

  class Camera extends Object3D {}
  export class PerspectiveCamera extends Camera {
    constructor(degrees: number, aspect: number, near: number, far: number);
  }
  export class OrthographicCamera extends Camera {
    constructor(
      left: number,
      right: number,
      top: number,
      bottom: number,
      near: number,
      far: number,
    );
  }

  class Geometry {}
  export class PlaneGeometry extends Geometry {
    constructor(width: number, height: number);
  }
  export class BoxGeometry extends Geometry {
    constructor(width: number, height: number, depth: number);
  }
  export class TorusKnotGeometry extends Geometry {
    constructor(radius: number, tube: number, segments: number, sides: number);
  }

  interface MaterialOptions {
    readonly color?: string | Color;
    readonly map?: DataTexture;
    readonly roughness?: number;
  }
  class Material {
    constructor(options?: MaterialOptions);
    readonly color: Color;
  }
  export class MeshBasicMaterial extends Material {}
  export class MeshLambertMaterial extends Material {}
  export class MeshStandardMaterial extends Material {}

  export class Mesh extends Object3D {
    constructor(geometry: Geometry, material: Material);
  }
  export class InstancedMesh extends Mesh {
    constructor(geometry: Geometry, material: Material, count: number);
    setMatrixAt(index: number, matrix: Matrix4): void;
  }
  export class AmbientLight extends Object3D {
    constructor(color: string, intensity: number);
  }
  export class DirectionalLight extends Object3D {
    constructor(color: string, intensity: number);
  }

  class Texture {
    colorSpace: string;
  }
  export class DataTexture extends Texture {
    constructor(data: Uint8Array, width: number, height: number);
    needsUpdate: boolean;
  }
  export class WebGLRenderTarget {
    constructor(
      width: number,
      height: number,
      options?: { readonly colorSpace?: string; readonly samples?: number; readonly type?: number },
    );
    readonly texture: Texture;
    dispose(): void;
  }
  export class WebGLRenderer {
    constructor(options: { readonly context: GL; readonly canvas: object });
    readonly properties: { get(texture: Texture): { readonly __webglTexture: GLObject } };
    setClearColor(color: string, alpha: number): void;
    setRenderTarget(target: WebGLRenderTarget | null): void;
    render(scene: Scene, camera: Camera): void;
    resetState(): void;
    dispose(): void;
  }
}
