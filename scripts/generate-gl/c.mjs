// The C outputs of generate-gl.mjs.

const BANNER = "// Written by scripts/generate-gl.mjs from gl/ops.ts and Khronos' gl.xml. Do not edit.\n";

/** Entry points that hand-written C calls besides those of the table. */
const EXTRA_ENTRIES =
  `glGetError glGetString glGetStringi glGetIntegerv glGetInteger64v glGetFloatv glGetIntegeri_v glGetInternalformativ
glCreateShader glShaderSource glCompileShader glGetShaderiv glGetShaderInfoLog glDeleteShader glCreateProgram glAttachShader glLinkProgram
glGetProgramiv glGetProgramInfoLog glDeleteProgram glGetUniformLocation glGetUniformBlockIndex glUniformBlockBinding glBindAttribLocation
glTransformFeedbackVaryings glBindFragDataLocationIndexedEXT|glBindFragDataLocationIndexed glBindFragDataLocationEXT|glBindFragDataLocation
glUniform4fv glUniform4uiv glUniform4f glUniform1i glProgramUniform1i glIsProgram glBeginTransformFeedback glEndTransformFeedback glPauseTransformFeedback glResumeTransformFeedback glGetQueryObjectuiv glGetQueryObjectui64vEXT|glGetQueryObjectui64v glReadPixels
glPixelStorei glTexSubImage2D glTexSubImage3D glCompressedTexSubImage2D glCompressedTexSubImage3D glBufferData glBufferSubData
glMapBufferRange glUnmapBuffer glCheckFramebufferStatus glFinish glFlush glFenceSync glClientWaitSync glDeleteSync glDebugMessageCallbackKHR|glDebugMessageCallback
glGetGraphicsResetStatusKHR|glGetGraphicsResetStatus|glGetGraphicsResetStatusEXT`.split(/\s+/);

/** @returns entries as { field, names, command }, one per distinct alternative list */
function entriesOf(layouts, registry) {
  const entries = new Map();
  const add = (list) => {
    const names = list.split("|");
    const field = names[0].slice(2);
    const command = registry.commands.get(names[0]);
    if (command === undefined) throw new Error(`gl.xml has no ${names[0]}`);
    for (const name of names) if (!registry.commands.has(name)) throw new Error(`gl.xml has no ${name}`);
    const known = entries.get(field);
    if (known !== undefined && known.names.join("|") !== list) throw new Error(`two lists for ${names[0]}`);
    entries.set(field, { field, names, command });
  };
  for (const layout of layouts) if (layout.row.entry !== "") add(layout.row.entry);
  for (const list of EXTRA_ENTRIES) add(list);
  return [...entries.values()].sort((a, b) => (a.field < b.field ? -1 : 1));
}

const screaming = (name) => name.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase();
const kindName = (kind) => `GL_KIND_${screaming(kind)}`;
const paramList = (command) =>
  command.params.length === 0
    ? "void"
    : command.params.map((param) => `${param.type} ${param.name}`.replace(/\* /g, "*")).join(", ");

const C_VALUE = {
  i32: "int32_t",
  u32: "uint32_t",
  f32: "float",
  enum: "GLenum",
  bool: "GLboolean",
  offset: "uint32_t",
  data: "GlData",
};

function compositePrototype(layout) {
  const params = layout.args.map((arg) => `${C_VALUE[arg.kind] ?? "uint32_t"} ${arg.name}`);
  return `int gl_op_${layout.row.name}(${params.length === 0 ? "void" : params.join(", ")});`;
}

export function abiSource(layouts, kinds, registry) {
  const entries = entriesOf(layouts, registry);
  const lines = [BANNER, "#pragma once", "#include <stdbool.h>", "#include <stddef.h>", "#include <stdint.h>", ""];
  lines.push(
    "typedef unsigned int GLenum, GLbitfield, GLuint;",
    "typedef unsigned char GLboolean, GLubyte;",
    "typedef char GLchar;",
    "typedef int GLint, GLsizei;",
  );
  lines.push(
    "typedef float GLfloat;",
    "typedef intptr_t GLintptr;",
    "typedef ptrdiff_t GLsizeiptr;",
    "typedef int64_t GLint64;",
    "typedef uint64_t GLuint64;",
  );
  lines.push("typedef struct __GLsync *GLsync;");
  lines.push(
    "typedef void (*GLDEBUGPROC)(GLenum source, GLenum type, GLuint id, GLenum severity, GLsizei length, const GLchar *message, const void *user);",
  );
  lines.push("typedef GLDEBUGPROC GLDEBUGPROCKHR;", "");
  lines.push(
    "// A data reference that was checked against its segment.",
    "typedef struct { uint8_t *bytes; uint32_t length; } GlData;",
    "",
  );
  lines.push("enum {", ...kinds.map((kind) => `  ${kindName(kind)},`), "  GL_KINDS,", "};", "");
  lines.push(
    "// Entry points, by eglGetProcAddress; those that the driver lacks point to a stub that counts the call.",
    "typedef struct {",
  );
  for (const { field, command } of entries) lines.push(`  ${command.result} (*${field})(${paramList(command)});`);
  lines.push("} GlEntries;", "extern GlEntries gl;", `enum { GL_ENTRY_COUNT = ${entries.length} };`);
  lines.push(
    "extern const char *const gl_entry_names[GL_ENTRY_COUNT]; // alternatives separated by '|', in the order of GlEntries",
    "",
  );
  lines.push("void gl_trace_entries(GlEntries *table); // entries that write their arguments to gl_trace_text", "");
  lines.push(`enum { GL_OP_COUNT = ${layouts.length} };`, "extern const char *const gl_op_names[GL_OP_COUNT + 1];");
  lines.push(
    "// Executes words; returns -1 or the index of the first bad op's first word.",
    "int64_t gl_replay(const uint32_t *words, uint32_t count);",
    "",
  );
  lines.push("// Written by hand; each returns whether it accepts its arguments.");
  for (const layout of layouts) if (layout.row.form === "composite") lines.push(compositePrototype(layout));
  return `${lines.join("\n")}\n`;
}

/** The C expression of one argument as its GL parameter. */
function plainArgument(arg, type) {
  const word = `p[${arg.at}]`;
  if (arg.values > 1) return `(${type})(p + ${arg.at})`;
  if (arg.kind === "f32") return `as_float(${word})`;
  if (arg.kind === "offset" && type.includes("*")) return `(const void *)(uintptr_t)${word}`;
  if (C_VALUE[arg.kind] === undefined) return `gl_names[${kindName(arg.kind)}][${word}]`;
  return `(${type})${word}`;
}

function objectArgs(layout) {
  return layout.args.filter((arg) => C_VALUE[arg.kind] === undefined);
}

function caseBody(layout, registry) {
  const { row } = layout;
  const objects = objectArgs(layout);
  const check =
    objects.length === 0
      ? ""
      : `if ((${objects.map((arg) => `p[${arg.at}]`).join(" | ")}) >= GL_NAMES_MAX) return at; `;
  if (row.form === "composite") {
    const data = layout.args.filter((arg) => arg.kind === "data");
    const resolve = data
      .map((arg) => `GlData ${arg.name}; if (!gl_resolve(p + ${arg.at}, &${arg.name})) return at; `)
      .join("");
    const values = layout.args.map((arg) => {
      if (arg.kind === "data") return arg.name;
      return arg.kind === "f32" ? `as_float(p[${arg.at}])` : `(${C_VALUE[arg.kind] ?? "uint32_t"})p[${arg.at}]`;
    });
    return `${check}${resolve}if (!gl_op_${row.name}(${values.join(", ")})) return at; `;
  }
  const field = row.entry.split("|")[0].slice(2);
  if (row.form === "create") {
    const name = `gl_names[${kindName(layout.args[0].kind)}][p[1]]`;
    return `${check}if (p[1] == 0 || ${name} != 0) return at; gl.${field}(1, &${name}); `;
  }
  if (row.form === "delete") {
    const name = `gl_names[${kindName(layout.args[0].kind)}][p[1]]`;
    return `${check}if (p[1] != 0) { gl.${field}(1, &${name}); ${name} = 0; } `;
  }
  const command = registry.commands.get(row.entry.split("|")[0]);
  if (command.params.length !== layout.args.length)
    throw new Error(`${row.name}: ${layout.args.length} arguments, ${row.entry} takes ${command.params.length}`);
  return `${check}gl.${field}(${layout.args.map((arg, index) => plainArgument(arg, command.params[index].type)).join(", ")}); `;
}

export function replaySource(layouts, registry) {
  const entries = entriesOf(layouts, registry);
  const lines = [BANNER, '#include "../gl.h"', "#include <string.h>", "", "GlEntries gl;", ""];
  lines.push(
    "const char *const gl_entry_names[GL_ENTRY_COUNT] = {",
    ...entries.map(({ names }) => `  "${names.join("|")}",`),
    "};",
    "",
  );
  lines.push(
    "const char *const gl_op_names[GL_OP_COUNT + 1] = {",
    '  "none",',
    ...layouts.map(({ row }) => `  "${row.name}",`),
    "};",
    "",
  );
  lines.push(
    "static const uint8_t op_words[GL_OP_COUNT + 1] = {",
    `  0, ${layouts.map((layout) => layout.lengthWords).join(", ")},`,
    "};",
    "",
  );
  lines.push(
    "static inline float as_float(uint32_t word) {",
    "  float value;",
    "  memcpy(&value, &word, sizeof value);",
    "  return value;",
    "}",
    "",
  );
  lines.push(
    "int64_t gl_replay(const uint32_t *words, uint32_t count) {",
    "  uint32_t at = 0;",
    "  while (at < count) {",
    "    const uint32_t *p = words + at;",
    "    uint32_t op = p[0];",
  );
  lines.push(
    "    if (op > GL_OP_COUNT || op_words[op] == 0 || op_words[op] > count - at) return at;",
    "    switch (op) {",
  );
  for (const layout of layouts)
    lines.push(`    case ${layout.opcode}: { ${caseBody(layout, registry)}break; } // ${layout.row.name}`);
  lines.push(
    "    }",
    "    if (gl_missing_calls != 0) return at;",
    "    if (gl_debug) gl_check_error(op);",
    "    at += op_words[op];",
    "  }",
    "  return -1;",
    "}",
  );
  return `${lines.join("\n")}\n`;
}

/** A printf piece and its argument for one GL parameter. */
function tracePiece({ type, name }) {
  if (/\*/.test(type) || type.startsWith("GLDEBUGPROC") || type === "GLsync")
    return ["%s", `pointer_text((const void *)(uintptr_t)${name})`];
  if (type === "GLfloat") return ["%.9g", `(double)${name}`];
  if (/64|ptr/.test(type)) return ["%lld", `(long long)${name}`];
  if (/^GL(int|sizei)$/.test(type)) return ["%d", `(int)${name}`];
  return ["%u", `(unsigned)${name}`];
}

export function traceSource(layouts, registry) {
  const entries = entriesOf(layouts, registry);
  const lines = [BANNER, '#include "../gl.h"', ""];
  lines.push("static const char *pointer_text(const void *pointer) {", "  return gl_trace_pointer(pointer);", "}", "");
  for (const { field, command } of entries) {
    const pieces = command.params.map(tracePiece);
    const format = pieces.map((piece) => piece[0]).join(" ");
    const values = pieces.map((piece) => `, ${piece[1]}`).join("");
    lines.push(
      `static ${command.result} trace_${field}(${paramList(command)}) {`,
      `  gl_trace_write("gl${field}${format === "" ? "" : ` ${format}`}\\n"${values});`,
    );
    if (command.result !== "void") lines.push("  return 0;");
    lines.push("}");
  }
  lines.push(
    "",
    "void gl_trace_entries(GlEntries *table) {",
    ...entries.map(({ field }) => `  table->${field} = trace_${field};`),
    "}",
  );
  return `${lines.join("\n")}\n`;
}
