import { fitCanvas, type PointFrame, type PointRenderer } from './point-renderer.ts';

/** Points written into the canvas's bytes by the page itself: where there is no graphics card to ask. */
export function imagePoints(canvas: HTMLCanvasElement): PointRenderer {
  const context = canvas.getContext('2d', { willReadFrequently: true });
  let positions = new Float32Array();
  let codes = new Uint8Array();
  let looks = new Uint8Array();
  return {
    kind: 'image',
    canvas,
    setPoints(newPositions, newCodes) {
      positions = newPositions as Float32Array<ArrayBuffer>;
      codes = newCodes as Uint8Array<ArrayBuffer>;
    },
    setLooks: (states) => void (looks = states as Uint8Array<ArrayBuffer>),
    draw(frame) {
      fitCanvas(canvas, frame);
      if (context === null) return;
      const image = context.createImageData(canvas.width, canvas.height);
      paint(image, frame, { positions, codes, looks });
      context.putImageData(image, 0, 0);
    },
    dispose: () => undefined,
  };
}

interface Points {
  readonly positions: Float32Array;
  readonly codes: Uint8Array;
  readonly looks: Uint8Array;
}

function paint({ data, width, height }: ImageData, frame: PointFrame, { positions, codes, looks }: Points): void {
  const { camera, size, ratio, palette, opacities } = frame;
  const offsets = disc(frame.diameter * ratio);
  const scale = camera.scale * ratio;
  const middleX = (size.width / 2) * ratio;
  const middleY = (size.height / 2) * ratio;
  for (let point = 0; point < codes.length; point++) {
    const x = Math.round(middleX + (positions[point * 2]! - camera.x) * scale);
    const y = Math.round(middleY - (positions[point * 2 + 1]! - camera.y) * scale);
    if (x < -16 || y < -16 || x > width + 16 || y > height + 16) continue;
    const colour = palette[codes[point]!] ?? palette[0]!;
    const opacity = opacities[looks[point] ?? 2] ?? 1;
    for (const [dx, dy] of offsets) {
      const column = x + dx;
      const row = y + dy;
      if (column >= 0 && row >= 0 && column < width && row < height) blend(data, (row * width + column) * 4, colour, opacity);
    }
  }
}

/** Over what is there. */
function blend(data: Uint8ClampedArray, at: number, colour: readonly [number, number, number], opacity: number): void {
  const under = (data[at + 3]! / 255) * (1 - opacity);
  const whole = opacity + under;
  for (let i = 0; i < 3; i++) data[at + i] = (colour[i]! * opacity + data[at + i]! * under) / whole;
  data[at + 3] = whole * 255;
}

/** Pixels around the middle whose centres are inside of a circle. */
function disc(diameter: number): readonly (readonly [number, number])[] {
  const radius = diameter / 2;
  const reach = Math.ceil(radius);
  const inside: (readonly [number, number])[] = [];
  for (let dy = -reach; dy < reach; dy++)
    for (let dx = -reach; dx < reach; dx++) if ((dx + 0.5) ** 2 + (dy + 0.5) ** 2 <= radius ** 2) inside.push([dx, dy]);
  return inside.length > 0 ? inside : [[0, 0]];
}
