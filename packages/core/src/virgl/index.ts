export * from "./cap-requirements.js";
export * from "./caps-writer.js";
export * from "./command-set.js";
export * from "./command-table.js";
export * from "./decoder.js";
export * from "./handler.js";
export * from "./null-state.js";
export * from "./protocol/index.js";
