export * from "./describe-report.js";
export * from "./probe-host.js";
export * from "./profile-file.js";
