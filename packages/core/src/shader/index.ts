/** TGSI text → GLSL ES. See docs/shader-ir.md for the representation in between. */
export * from "./glsl-target.js";
export * from "./link-program.js";
export * from "./parse-shader.js";
export * from "./program-interface.js";
export * from "./program-key.js";
export * from "./shader-error.js";
export * from "./shader-info.js";
export * from "./relevant-key.js";
export * from "./translate-shader.js";
