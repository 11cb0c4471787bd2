export * from "./backing-cursor.js";
export * from "./transfer-box.js";
export * from "./transfers.js";
