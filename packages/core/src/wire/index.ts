export * from "./ascii.js";
export * from "./float-bits.js";
