export * from "./blob-store.js";
export * from "./describe-surfaces.js";
export * from "./introspection.js";
export * from "./null-renderer.js";
export * from "./pixel-order.js";
export * from "./renderer.js";
export * from "./scanout-memory.js";
export * from "./software-2d-renderer.js";
