export * from "./streamout-target.js";
export * from "./streamout.js";
