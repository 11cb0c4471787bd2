/** Textures whose texels say where they are, for the texture cases. */
import { GL } from "@virtgpu/core/gl";
import type { HostTextureTarget, TextureTarget } from "@virtgpu/core/shader";
import type { Lab, LabTexture } from "./lab.js";
import { LEVELS, sizeOf, texelAt, type TexelKind } from "./texture-cases.js";

const GL_TARGETS: Readonly<Record<HostTextureTarget, number>> = {
  "2D": GL.TEXTURE_2D,
  "3D": GL.TEXTURE_3D,
  CUBE: GL.TEXTURE_CUBE_MAP,
  "2D_ARRAY": GL.TEXTURE_2D_ARRAY,
  CUBE_ARRAY: GL.TEXTURE_CUBE_MAP_ARRAY,
  "2D_MULTISAMPLE": GL.TEXTURE_2D_MULTISAMPLE,
  "2D_MULTISAMPLE_ARRAY": GL.TEXTURE_2D_MULTISAMPLE_ARRAY,
  BUFFER: GL.TEXTURE_BUFFER,
};

const FORMATS: Readonly<Record<TexelKind, readonly [internal: number, format: number, type: number, words: number]>> = {
  float: [GL.RGBA32F, GL.RGBA, GL.FLOAT, 4],
  int: [GL.RGBA32I, GL.RGBA_INTEGER, GL.INT, 4],
  uint: [GL.RGBA32UI, GL.RGBA_INTEGER, GL.UNSIGNED_INT, 4],
  shadow: [GL.DEPTH_COMPONENT32F, GL.DEPTH_COMPONENT, GL.FLOAT, 1],
};

/** Makes the texture of a case: three levels where the target has levels, nearest texels, shadow comparison `reference <= depth`. */
export function makeTexture(lab: Lab, guest: TextureTarget, host: HostTextureTarget, kind: TexelKind): LabTexture {
  const target = GL_TARGETS[host];
  const [internal] = FORMATS[kind];
  const { encoder } = lab;
  if (host === "BUFFER") return makeBufferTexture(lab, guest, kind);
  const levels = guest.includes("RECT") ? 1 : LEVELS;
  const { width, height, depth } = sizeOf(guest);
  const isLayered = host === "3D" || host === "2D_ARRAY" || host === "CUBE_ARRAY";
  const texture = lab.texture(target, () => {
    if (isLayered) encoder.texStorage3D(target, levels, internal, width, height, depth);
    else encoder.texStorage2D(target, levels, internal, width, height);
  });
  for (let level = 0; level < levels; level++) upload(lab, target, guest, kind, level, isLayered);
  encoder.texParameteri(target, GL.TEXTURE_MIN_FILTER, levels > 1 ? GL.NEAREST_MIPMAP_NEAREST : GL.NEAREST);
  if (kind === "shadow") {
    encoder.texParameteri(target, GL.TEXTURE_COMPARE_MODE, GL.COMPARE_REF_TO_TEXTURE);
    encoder.texParameteri(target, GL.TEXTURE_COMPARE_FUNC, GL.LEQUAL);
  }
  return texture;
}

/** The words of one layer of one level. */
function layerWords(guest: TextureTarget, kind: TexelKind, level: number, z: number): Uint32Array {
  const { width, height } = sizeOf(guest, level);
  const [, , , count] = FORMATS[kind];
  const words = new Uint32Array(width * height * count);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++)
      words.set(texelAt(kind, { x, y, z, level }).slice(0, count), (y * width + x) * count);
  }
  return words;
}

function upload(
  lab: Lab,
  target: number,
  guest: TextureTarget,
  kind: TexelKind,
  level: number,
  isLayered: boolean,
): void {
  const { encoder } = lab;
  const { width, height, depth } = sizeOf(guest, level);
  const [, format, type] = FORMATS[kind];
  for (let z = 0; z < depth; z++) {
    const bytes = new Uint8Array(layerWords(guest, kind, level, z).buffer);
    const at = encoder.stage(bytes.length);
    encoder.staging.set(bytes, at);
    if (isLayered) {
      encoder.texSubImage3D(
        target,
        level,
        0,
        0,
        z,
        width,
        height,
        1,
        format,
        type,
        0,
        0,
        encoder.stagingSegment,
        at,
        bytes.length,
      );
    } else {
      const image = target === GL.TEXTURE_CUBE_MAP ? GL.TEXTURE_CUBE_MAP_POSITIVE_X + z : target;
      encoder.texSubImage2D(
        image,
        level,
        0,
        0,
        width,
        height,
        format,
        type,
        0,
        encoder.stagingSegment,
        at,
        bytes.length,
      );
    }
  }
}

function makeBufferTexture(lab: Lab, guest: TextureTarget, kind: TexelKind): LabTexture {
  const { encoder } = lab;
  const bytes = new Uint8Array(layerWords(guest, kind, 0, 0).buffer);
  const buffer = encoder.names.buffer.allocate();
  encoder.createBuffer(buffer);
  const at = encoder.stage(bytes.length);
  encoder.staging.set(bytes, at);
  encoder.bindBuffer(GL.COPY_WRITE_BUFFER, buffer);
  encoder.bufferData(GL.COPY_WRITE_BUFFER, GL.STATIC_DRAW, encoder.stagingSegment, at, bytes.length);
  const name = encoder.names.texture.allocate();
  encoder.createTexture(name);
  encoder.bindTexture(GL.TEXTURE_BUFFER, name);
  encoder.texBuffer(GL.TEXTURE_BUFFER, FORMATS[kind][0], buffer);
  return { target: GL.TEXTURE_BUFFER, name };
}
