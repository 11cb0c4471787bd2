export * from "./queries.js";
export * from "./query-object.js";
