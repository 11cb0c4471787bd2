export * from "./caps/index.js";
export * from "./counters.js";
export * from "./format/index.js";
export * from "./gles-renderer.js";
export * from "./warm-up.js";
