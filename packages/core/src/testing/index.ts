export * from "./recording-gl.js";
