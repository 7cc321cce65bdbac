import { fitCanvas, type PointFrame, type PointRenderer } from './point-renderer.ts';

const vertexShader = `#version 300 es
in vec2 position;
in float code;
in float look;
uniform vec2 middle;
uniform vec2 scale;
uniform float diameter;
uniform vec3 palette[8];
uniform float opacities[4];
out vec4 colour;
void main() {
  gl_Position = vec4((position - middle) * scale, 0.0, 1.0);
  gl_PointSize = diameter;
  colour = vec4(palette[int(code)], opacities[int(look)]);
}`;

const fragmentShader = `#version 300 es
precision mediump float;
in vec4 colour;
out vec4 fragment;
void main() {
  vec2 off = gl_PointCoord - vec2(0.5);
  if (dot(off, off) > 0.25) discard;
  fragment = vec4(colour.rgb * colour.a, colour.a);
}`;

/** Points by the graphics card; null where WebGL2 is missing. `onLost`: the card took its context back, nothing is drawn any more. */
export function webglPoints(canvas: HTMLCanvasElement, onLost: () => void): PointRenderer | null {
  const gl = canvas.getContext('webgl2', { antialias: false, depth: false, alpha: true, premultipliedAlpha: true });
  if (gl === null) return null;
  const program = link(gl);
  if (program === null) return null;
  const lost = (event: Event): void => {
    event.preventDefault();
    onLost();
  };
  canvas.addEventListener('webglcontextlost', lost);
  const buffers = { position: gl.createBuffer(), code: gl.createBuffer(), look: gl.createBuffer() };
  let count = 0;
  gl.useProgram(program);
  gl.enable(gl.BLEND);
  gl.blendFunc(gl.ONE, gl.ONE_MINUS_SRC_ALPHA);

  function feed(name: keyof typeof buffers, values: Float32Array | Uint8Array, size: number): void {
    if (gl === null || program === null) return;
    gl.bindBuffer(gl.ARRAY_BUFFER, buffers[name]);
    gl.bufferData(gl.ARRAY_BUFFER, values, gl.STATIC_DRAW);
    const place = gl.getAttribLocation(program, name);
    gl.enableVertexAttribArray(place);
    gl.vertexAttribPointer(place, size, values instanceof Float32Array ? gl.FLOAT : gl.UNSIGNED_BYTE, false, 0, 0);
  }

  return {
    kind: 'webgl',
    canvas,
    setPoints(positions, codes) {
      count = codes.length;
      feed('position', positions, 2);
      feed('code', codes, 1);
    },
    setLooks: (states) => feed('look', states, 1),
    draw(frame) {
      fitCanvas(canvas, frame);
      gl.viewport(0, 0, canvas.width, canvas.height);
      gl.clearColor(0, 0, 0, 0);
      gl.clear(gl.COLOR_BUFFER_BIT);
      setUniforms(gl, program, frame);
      gl.drawArrays(gl.POINTS, 0, count);
    },
    dispose() {
      canvas.removeEventListener('webglcontextlost', lost);
      gl.getExtension('WEBGL_lose_context')?.loseContext();
    },
  };
}

function setUniforms(gl: WebGL2RenderingContext, program: WebGLProgram, frame: PointFrame): void {
  const { camera, size, ratio } = frame;
  const place = (name: string): WebGLUniformLocation | null => gl.getUniformLocation(program, name);
  gl.uniform2f(place('middle'), camera.x, camera.y);
  gl.uniform2f(place('scale'), (2 * camera.scale) / size.width, (2 * camera.scale) / size.height);
  gl.uniform1f(place('diameter'), frame.diameter * ratio);
  gl.uniform3fv(
    place('palette'),
    Float32Array.from({ length: 24 }, (_, i) => (frame.palette[Math.floor(i / 3)]?.[i % 3] ?? 0) / 255),
  );
  gl.uniform1fv(place('opacities'), Float32Array.from(frame.opacities));
}

function link(gl: WebGL2RenderingContext): WebGLProgram | null {
  const program = gl.createProgram();
  for (const [type, source] of [
    [gl.VERTEX_SHADER, vertexShader],
    [gl.FRAGMENT_SHADER, fragmentShader],
  ] as const) {
    const shader = gl.createShader(type);
    if (shader === null) return null;
    gl.shaderSource(shader, source);
    gl.compileShader(shader);
    gl.attachShader(program, shader);
  }
  gl.linkProgram(program);
  return gl.getProgramParameter(program, gl.LINK_STATUS) === true ? program : null;
}
