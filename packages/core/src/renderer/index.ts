export * from "./describe-surfaces.js";
export * from "./introspection.js";
export * from "./renderer.js";
export * from "./software-2d-renderer.js";
