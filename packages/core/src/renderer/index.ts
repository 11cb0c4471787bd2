export * from "./renderer.js";
export * from "./software-2d-renderer.js";
