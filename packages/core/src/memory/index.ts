export * from "./backing.js";
export * from "./copy-ledger.js";
export * from "./segment.js";
