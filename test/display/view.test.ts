/** Where the presenter puts a picture: sizes and places worked out by hand, and what must hold wherever it is moved. */
import { describe, expect, it } from 'vitest';
import {
  inscribed,
  type Rectangle,
  type Size,
  View,
  type ViewMode,
} from '../../src/display/view.ts';
import { errorOf } from '../helpers/errors.ts';
import { makeRandom } from '../helpers/random.ts';

const size = (width: number, height: number): Size => ({ width, height });

describe('mode', () => {
  it.each<[ViewMode, Size, Size, Rectangle]>([
    ['fit', size(1920, 1080), size(1280, 720), { x: 0, y: 0, width: 1280, height: 720 }],
    ['fit', size(1920, 1080), size(1280, 1024), { x: 0, y: 152, width: 1280, height: 720 }],
    ['fit', size(1080, 1920), size(1280, 720), { x: 437, y: 0, width: 405, height: 720 }],
    ['fit', size(10, 10), size(101, 50), { x: 25, y: 0, width: 50, height: 50 }],
    ['fit', size(1, 32768), size(64, 64), { x: 31, y: 0, width: 1, height: 64 }],
    ['fill', size(1920, 1080), size(1280, 1024), { x: -270, y: 0, width: 1820, height: 1024 }],
    ['fill', size(100, 400), size(200, 200), { x: 0, y: -300, width: 200, height: 800 }],
    ['actual', size(64, 48), size(101, 51), { x: 18, y: 1, width: 64, height: 48 }],
    ['actual', size(301, 48), size(100, 51), { x: -100, y: 1, width: 301, height: 48 }],
  ])('%s %o in %o', (mode, picture, framebuffer, expected) => {
    const view = new View();
    view.mode = mode;
    expect(view.rectangle(picture, framebuffer)).toEqual(expected);
  });

  it('starts anew: no zoom, in the middle', () => {
    const view = new View();
    view.show(size(100, 100), size(100, 100));
    view.zoomAt(0, 0, 4);
    view.mode = 'actual';
    expect(view.zoom).toBe(1);
    expect(view.show(size(50, 50), size(100, 100))).toEqual({
      x: 25,
      y: 25,
      width: 50,
      height: 50,
    });
  });

  it('counts pixels that are not square', () => {
    const view = new View();
    view.pixelAspect = 64 / 45; // PAL 16:9
    const expected = { x: 0, y: 0, width: 1024, height: 576 };
    expect(view.rectangle(size(720, 576), size(1024, 576))).toEqual(expected);
  });
});

describe('zoom and pan', () => {
  it('keeps the point under the mouse', () => {
    const view = new View();
    const [picture, framebuffer] = [size(640, 480), size(640, 480)];
    view.show(picture, framebuffer);
    view.zoomAt(160, 120, 2);
    // Point (160, 120) is drawn at twice its distance from the corner, and that must again be (160, 120).
    const expected = { x: -160, y: -120, width: 1280, height: 960 };
    expect(view.rectangle(picture, framebuffer)).toEqual(expected);
    view.zoomAt(160, 120, 0.5);
    expect(view.rectangle(picture, framebuffer)).toEqual({ x: 0, y: 0, ...picture });
  });

  it('keeps it to half a pixel, however many steps it takes', () => {
    const view = new View();
    const [picture, framebuffer] = [size(1001, 701), size(640, 480)];
    view.show(picture, framebuffer);
    view.zoomAt(320, 240, 3);
    const at = () => {
      const { x, y, width, height } = view.rectangle(picture, framebuffer);
      return { x: (200 - x) / width, y: (300 - y) / height, width, height };
    };
    const before = at();
    for (let i = 0; i < 40; i++) view.zoomAt(200, 300, 1.05);
    for (let i = 0; i < 40; i++) view.zoomAt(200, 300, 1 / 1.05);
    const after = at();
    expect(Math.abs(after.x - before.x) * after.width).toBeLessThanOrEqual(1);
    expect(Math.abs(after.y - before.y) * after.height).toBeLessThanOrEqual(1);
  });

  it('pans by framebuffer pixels, to the edges and at once back', () => {
    const view = new View();
    view.mode = 'actual';
    const [picture, framebuffer] = [size(300, 50), size(100, 100)];
    view.show(picture, framebuffer);
    view.pan(-30, -30);
    expect(view.rectangle(picture, framebuffer)).toMatchObject({ x: -130, y: 25 });
    view.pan(-1000, 0);
    expect(view.rectangle(picture, framebuffer)).toMatchObject({ x: -200, y: 25 });
    view.pan(1, 0);
    expect(view.rectangle(picture, framebuffer)).toMatchObject({ x: -199, y: 25 });
  });

  it('keeps what is in the middle when the framebuffer changes', () => {
    const view = new View();
    view.mode = 'actual';
    const picture = size(1000, 1000);
    view.show(picture, size(100, 100));
    view.pan(200, -100);
    expect(view.show(picture, size(200, 300))).toMatchObject({ x: -200, y: -450 });
  });

  it('never shows a gap where the picture could fill it', () => {
    const random = makeRandom(4);
    const view = new View();
    const side = () => 1 + Math.floor(random() * 500);
    for (let i = 0; i < 2000; i++) {
      const [picture, framebuffer] = [size(side(), side()), size(side(), side())];
      view.show(picture, framebuffer);
      view.pan((random() - 0.5) * 4000, (random() - 0.5) * 4000);
      view.zoomAt(random() * 600 - 50, random() * 600 - 50, 4 ** (random() * 2 - 1));
      const { x, y, width, height } = view.rectangle(picture, framebuffer);
      for (const [start, length, all] of [
        [x, width, framebuffer.width],
        [y, height, framebuffer.height],
      ] as const) {
        if (length <= all) expect(start).toBe(Math.floor((all - length) / 2));
        else expect(start <= 0 && start + length >= all, `${start} ${length} ${all}`).toBe(true);
      }
    }
  });

  it('ends at 1/16 and 64', () => {
    const view = new View();
    view.zoomAt(0, 0, 1e9);
    expect(view.zoom).toBe(64);
    view.zoom = 1e-9;
    expect(view.zoom).toBe(1 / 16);
  });

  it('tells its magnification', () => {
    const view = new View();
    expect(view.magnification(size(1920, 1080), size(960, 1000))).toBe(0.5);
    view.mode = 'actual';
    view.zoom = 3;
    expect(view.magnification(size(1920, 1080), size(960, 1000))).toBe(3);
  });
});

describe('picture before', () => {
  it.each([
    [size(1920, 1080), { x: -5, y: 7, width: 640, height: 360 }],
    [size(640, 360), { x: -5, y: 7, width: 640, height: 360 }],
    [size(100, 100), { x: 135, y: 7, width: 360, height: 360 }],
    [size(200, 50), { x: -5, y: 107, width: 640, height: 160 }],
  ])('%o lies inside the result', (before, expected) => {
    expect(inscribed(before, { x: -5, y: 7, width: 640, height: 360 })).toEqual(expected);
  });
});

describe('wrong values', () => {
  it.each<[string, (view: View) => void]>([
    ['mode', (view) => (view.mode = 'cover' as ViewMode)],
    ['zoom', (view) => (view.zoom = 0)],
    ['zoom', (view) => (view.zoom = Number.NaN)],
    ['factor', (view) => view.zoomAt(0, 0, -1)],
    ['zoomAt', (view) => view.zoomAt(Number.NaN, 0, 2)],
    ['pan', (view) => view.pan(0, Number.POSITIVE_INFINITY)],
    ['split', (view) => (view.split = Number.NaN)],
    ['scale', (view) => (view.scale = -2)],
    ['pixelAspect', (view) => (view.pixelAspect = 0)],
  ])('%s', (path, set) => {
    const view = new View();
    view.show(size(64, 48), size(640, 480));
    const before = view.rectangle(size(64, 48), size(640, 480));
    const error = errorOf(() => set(view));
    expect(error).toMatchObject({ code: 'ERR_INVALID_ARGUMENT', path });
    expect(view.rectangle(size(64, 48), size(640, 480))).toEqual(before);
  });

  it('a split beyond the edges is at the edge', () => {
    const view = new View();
    view.split = 1.5;
    expect(view.split).toBe(1);
    view.split = -1;
    expect(view.split).toBe(0);
  });
});
