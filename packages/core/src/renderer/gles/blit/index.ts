export * from "./blits.js";
export * from "./internal-draw.js";
