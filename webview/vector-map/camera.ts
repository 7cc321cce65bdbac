/** What is in sight: the world's point in the middle, and CSS pixels for a unit of the world. y of the world goes up. */
export interface Camera {
  readonly x: number;
  readonly y: number;
  readonly scale: number;
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

export interface Place {
  readonly x: number;
  readonly y: number;
}

export interface Bounds {
  readonly left: number;
  readonly right: number;
  readonly bottom: number;
  readonly top: number;
}

/** Free pixels around all points. */
const margin = 32;

export function boundsOf(positions: Float32Array): Bounds {
  let [left, right, bottom, top] = [Infinity, -Infinity, Infinity, -Infinity];
  for (let i = 0; i < positions.length; i += 2) {
    left = Math.min(left, positions[i]!);
    right = Math.max(right, positions[i]!);
    bottom = Math.min(bottom, positions[i + 1]!);
    top = Math.max(top, positions[i + 1]!);
  }
  return left <= right ? { left, right, bottom, top } : { left: -1, right: 1, bottom: -1, top: 1 };
}

/** All points in sight. A cloud without a width still has a scale. */
export function fitCamera({ left, right, bottom, top }: Bounds, { width, height }: Size): Camera {
  const scale = Math.min(Math.max(1, width - 2 * margin) / (right - left || 1), Math.max(1, height - 2 * margin) / (top - bottom || 1));
  return { x: (left + right) / 2, y: (bottom + top) / 2, scale };
}

export function toScreen(camera: Camera, size: Size, { x, y }: Place): Place {
  return { x: size.width / 2 + (x - camera.x) * camera.scale, y: size.height / 2 - (y - camera.y) * camera.scale };
}

export function toWorld(camera: Camera, size: Size, { x, y }: Place): Place {
  return { x: camera.x + (x - size.width / 2) / camera.scale, y: camera.y - (y - size.height / 2) / camera.scale };
}

/** Nearer by `factor`, with what is at `at` (pixels) staying there. `least` and `most` bound the scale. */
export function zoomed(camera: Camera, size: Size, at: Place, factor: number, least: number, most: number): Camera {
  const scale = Math.min(most, Math.max(least, camera.scale * factor));
  const fixed = toWorld(camera, size, at);
  return { x: fixed.x - (at.x - size.width / 2) / scale, y: fixed.y + (at.y - size.height / 2) / scale, scale };
}

/** Moved so that what was under the pointer goes with it. */
export function panned(camera: Camera, dx: number, dy: number): Camera {
  return { ...camera, x: camera.x - dx / camera.scale, y: camera.y + dy / camera.scale };
}
