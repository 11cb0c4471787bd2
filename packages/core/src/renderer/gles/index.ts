export * from "./counters.js";
export * from "./gles-renderer.js";
