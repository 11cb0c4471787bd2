// Writes the table of the Wayland interfaces that we speak (packages/virtgpu/src/display/wayland/generated/protocol.ts) from the XML of
// Debian's libwayland-dev and wayland-protocols: names, opcodes, argument types; no text. `--check` writes nothing and fails when it is stale.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { root } from "./lib/run.mjs";

const output = "packages/virtgpu/src/display/wayland/generated/protocol.ts";
const core = process.env.WAYLAND_XML ?? "/usr/share/wayland/wayland.xml";
const protocols = process.env.WAYLAND_PROTOCOLS ?? "/usr/share/wayland-protocols";

/** What we use: the newest version that we understand, and the enums whose values we need. */
const used = [
  [core, "wl_display", 1, "error"],
  [core, "wl_registry", 1],
  [core, "wl_callback", 1],
  [core, "wl_compositor", 4],
  [core, "wl_surface", 4],
  [core, "wl_shm", 1],
  [core, "wl_shm_pool", 1],
  [core, "wl_buffer", 1],
  [core, "wl_seat", 5, "capability"],
  [core, "wl_pointer", 5],
  [core, "wl_output", 2],
  [`${protocols}/stable/xdg-shell/xdg-shell.xml`, "xdg_wm_base", 4],
  [`${protocols}/stable/xdg-shell/xdg-shell.xml`, "xdg_surface", 4],
  [`${protocols}/stable/xdg-shell/xdg-shell.xml`, "xdg_toplevel", 4, "state"],
  [`${protocols}/unstable/linux-dmabuf/linux-dmabuf-unstable-v1.xml`, "zwp_linux_dmabuf_v1", 4],
  [`${protocols}/unstable/linux-dmabuf/linux-dmabuf-unstable-v1.xml`, "zwp_linux_buffer_params_v1", 4],
  [`${protocols}/unstable/linux-dmabuf/linux-dmabuf-unstable-v1.xml`, "zwp_linux_dmabuf_feedback_v1", 4],
  [`${protocols}/stable/presentation-time/presentation-time.xml`, "wp_presentation", 1],
  [`${protocols}/stable/presentation-time/presentation-time.xml`, "wp_presentation_feedback", 1],
  [`${protocols}/stable/viewporter/viewporter.xml`, "wp_viewporter", 1],
  [`${protocols}/stable/viewporter/viewporter.xml`, "wp_viewport", 1],
];

const isCheck = process.argv.includes("--check");
const missing = [...new Set(used.map(([file]) => file))].filter((file) => !existsSync(file));
if (missing.length > 0) {
  const line = `generate-wayland: ${missing[0]} is missing: apt-get install libwayland-dev wayland-protocols`;
  console.error(isCheck ? `${line} (not checked)` : line);
  process.exit(isCheck ? 0 : 3);
}

const text = [
  "// Made by scripts/generate-wayland.mjs from the protocol XML of libwayland-dev and wayland-protocols. Do not edit.",
  "// A row is [opcode, argument types] and, where the message ends its object, true. Types: i int, u uint, f fixed, s string, o object,",
  "// n new_id, a array, h descriptor; a new_id without an interface is `sun`.\n",
  ...used.map(([file, name, version, ...enums]) => interfaceSource(readFileSync(file, "utf8"), name, version, enums)),
].join("\n");
const file = join(root, output);
if (!existsSync(file) || readFileSync(file, "utf8") !== text) {
  if (isCheck) {
    console.error(`generate-wayland: ${output} is stale: npm run generate`);
    process.exit(1);
  }
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
  console.log(`wrote ${output}`);
}

function interfaceSource(xml, name, version, enums) {
  const body = new RegExp(`<interface name="${name}"[^]*?</interface>`).exec(xml)?.[0];
  if (body === undefined) throw new Error(`no interface ${name}`);
  const rows = (kind) =>
    messages(body, kind)
      .filter((message) => message.since <= version)
      .map(
        ({ name, opcode, types, isDestructor }) =>
          `    ${name}: [${opcode}, "${types}"${isDestructor ? ", true" : ""}],\n`,
      )
      .join("");
  const values = enums.map((name) => `    ${name}: { ${entries(body, name)} },\n`).join("");
  return `export const ${name} = {
  name: "${name}",
  version: ${version},
  requests: {
${rows("request")}  },
  events: {
${rows("event")}  },
${values === "" ? "" : `  enums: {\n${values}  },\n`}} as const;
`;
}

function messages(body, kind) {
  return [...body.matchAll(new RegExp(`<${kind} ([^>]*?)>([^]*?)</${kind}>`, "g"))].map(([, head, inner], opcode) => ({
    name: attribute(head, "name"),
    opcode,
    since: Number(attribute(head, "since") ?? 1),
    isDestructor: attribute(head, "type") === "destructor",
    types: [...inner.matchAll(/<arg ([^>]*?)\/?>/g)].map(([, arg]) => typeOf(arg)).join(""),
  }));
}

function typeOf(arg) {
  const types = { int: "i", uint: "u", fixed: "f", string: "s", object: "o", array: "a", fd: "h", new_id: "n" };
  const type = types[attribute(arg, "type")];
  return type === "n" && attribute(arg, "interface") === undefined ? "sun" : type;
}

function entries(body, name) {
  const inner = new RegExp(`<enum name="${name}"[^]*?</enum>`).exec(body)[0];
  return [...inner.matchAll(/<entry ([^>]*?)\/?>/g)]
    .map(([, entry]) => `${attribute(entry, "name")}: ${attribute(entry, "value")}`)
    .join(", ");
}

function attribute(text, name) {
  return new RegExp(`(?:^|\\s)${name}="([^"]*)"`).exec(text)?.[1];
}
