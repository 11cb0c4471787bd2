export * from "./renderer.js";
