export * from "./capset.js";
export * from "./offer.js";
