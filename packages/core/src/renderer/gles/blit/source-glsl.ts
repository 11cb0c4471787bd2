import { GL } from "../../../gl/index.js";
import { ColorType, type ColorTypeCode } from "../format/index.js";

/** GLSL sampler type for a texture target and component type. */
export function samplerType(glTarget: number, colorType: ColorTypeCode): string {
  const prefix = colorType === ColorType.UINT ? "u" : colorType === ColorType.INT ? "i" : "";
  switch (glTarget) {
    case GL.TEXTURE_3D:
      return `${prefix}sampler3D`;
    case GL.TEXTURE_CUBE_MAP:
      return `${prefix}samplerCube`;
    case GL.TEXTURE_2D_ARRAY:
      return `${prefix}sampler2DArray`;
    default:
      return `${prefix}sampler2D`;
  }
}

export function vectorType(colorType: ColorTypeCode): string {
  return colorType === ColorType.UINT ? "uvec4" : colorType === ColorType.INT ? "ivec4" : "vec4";
}

/**
 * `VEC4 sampleSource(vec2 at, float layer, float lod)` over `source`. `at` from 0 to 1, `layer` a slice, face or array layer (3D: at the
 * slice's centre when it is a whole number). u_extent is the level's width, height and slices.
 */
export function sampleFunction(glTarget: number, colorType: ColorTypeCode): string {
  const type = vectorType(colorType);
  const head = `${type} sampleSource(vec2 at, float layer, float lod) {\n`;
  switch (glTarget) {
    case GL.TEXTURE_3D:
      return `${head}  return textureLod(source, vec3(at, (layer + 0.5) / u_extent.z), lod);\n}\n`;
    case GL.TEXTURE_2D_ARRAY:
      return `${head}  return textureLod(source, vec3(at, layer), lod);\n}\n`;
    case GL.TEXTURE_CUBE_MAP:
      // OpenGL ES 3.0, table 3.21: from a face's s and t back to the direction.
      return (
        head +
        `  vec2 c = at * 2.0 - 1.0;\n` +
        `  int face = int(layer + 0.5);\n` +
        `  vec3 d = face == 0 ? vec3(1.0, -c.y, -c.x) : face == 1 ? vec3(-1.0, -c.y, c.x)\n` +
        `    : face == 2 ? vec3(c.x, 1.0, c.y) : face == 3 ? vec3(c.x, -1.0, -c.y)\n` +
        `    : face == 4 ? vec3(c.x, -c.y, 1.0) : vec3(-c.x, -c.y, -1.0);\n` +
        `  return textureLod(source, d, lod);\n}\n`
      );
    default:
      return `${head}  return textureLod(source, at, lod);\n}\n`;
  }
}

/** Everything before `main` of an internal fragment shader. */
export function shaderHead(glTarget: number, colorType: ColorTypeCode): string {
  return (
    `#version 300 es\nprecision highp float;\nprecision highp int;\n` +
    `uniform highp ${samplerType(glTarget, colorType)} source;\n` +
    `uniform vec4 u_source;\nuniform vec4 u_destination;\nuniform vec4 u_extent;\nuniform vec4 u_options;\nin vec2 v_at;\n` +
    sampleFunction(glTarget, colorType)
  );
}
