export * from "./backing.js";
export * from "./copy-ledger.js";
export * from "./guest-memory.js";
export * from "./memory-identity.js";
export * from "./segment.js";
export * from "./import/index.js";
