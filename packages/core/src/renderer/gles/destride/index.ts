export * from "./destride.js";
export * from "./plan-destride.js";
