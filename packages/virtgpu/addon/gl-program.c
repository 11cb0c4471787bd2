// Programs: compile and link from an encoded description (core's gl/program-link.ts), uniform slots.
#include "gl.h"
#include <stdlib.h>
#include <string.h>

enum { RECORD_SHADER = 1, RECORD_BLOCK, RECORD_SAMPLER, RECORD_UNIFORM, RECORD_ATTRIBUTE, RECORD_DUAL_SOURCE, RECORD_VARYING };
enum { COMPILE_STATUS = 0x8b81, LINK_STATUS = 0x8b82, INFO_LOG_LENGTH = 0x8b84, CURRENT_PROGRAM = 0x8b8d };
enum { MAX_SHADERS = 6, MAX_VARYINGS = 256 };

typedef struct {
  GLint slots[GL_UNIFORM_SLOTS_MAX]; // locations, -1: none
  char *log;
} Program;

static Program *programs[GL_NAMES_MAX];
static uint32_t programs_used;

typedef struct {
  uint32_t kind, at, length;
  const char *text; // ends with a zero byte
} Record;

// The next record, or false at the end; *is_bad tells a malformed one.
static bool next_record(GlData data, size_t *offset, Record *record, bool *is_bad) {
  if (*offset == data.length) return false;
  *is_bad = true;
  if (data.length - *offset < 12) return false;
  uint32_t header[3];
  memcpy(header, data.bytes + *offset, sizeof header);
  size_t rest = data.length - *offset - 12;
  size_t padded = ((size_t)header[2] + 4) & ~(size_t)3;
  if (padded > rest) return false;
  *record = (Record){header[0], header[1], header[2], (const char *)data.bytes + *offset + 12};
  if (record->text[header[2]] != 0) return false;
  *offset += 12 + padded;
  *is_bad = false;
  return true;
}

static void append_log(Program *program, const char *text, size_t length) {
  size_t old = program->log == NULL ? 0 : strlen(program->log);
  char *grown = realloc(program->log, old + length + 2);
  if (grown == NULL) return;
  memcpy(grown + old, text, length);
  grown[old + length] = '\n';
  grown[old + length + 1] = 0;
  program->log = grown;
}

static void append_object_log(Program *program, GLuint object, bool is_shader) {
  GLint length = 0;
  if (is_shader) gl.GetShaderiv(object, INFO_LOG_LENGTH, &length);
  else gl.GetProgramiv(object, INFO_LOG_LENGTH, &length);
  if (length <= 1 || length > 1 << 20) return;
  char *text = malloc((size_t)length);
  if (text == NULL) return;
  GLsizei written = 0;
  if (is_shader) gl.GetShaderInfoLog(object, length, &written, text);
  else gl.GetProgramInfoLog(object, length, &written, text);
  if (written > 0) append_log(program, text, (size_t)written);
  free(text);
}

static void compile(Program *program, GLuint name, const Record *record, GLuint *shaders, uint32_t *count) {
  if (*count == MAX_SHADERS) return;
  GLuint shader = gl.CreateShader(record->at);
  GLint length = (GLint)record->length, is_compiled = 0;
  gl.ShaderSource(shader, 1, &record->text, &length);
  gl.CompileShader(shader);
  gl.GetShaderiv(shader, COMPILE_STATUS, &is_compiled);
  if (!is_compiled) append_object_log(program, shader, true);
  gl.AttachShader(name, shader);
  shaders[(*count)++] = shader;
}

// What must be told before linking.
static bool prepare(Program *program, GLuint name, GlData data, GLuint *shaders, uint32_t *shader_count) {
  const char *varyings[MAX_VARYINGS];
  uint32_t varying_count = 0;
  GLenum varying_mode = 0;
  size_t offset = 0;
  Record record;
  bool is_bad = false;
  while (next_record(data, &offset, &record, &is_bad)) {
    switch (record.kind) {
    case RECORD_SHADER:
      compile(program, name, &record, shaders, shader_count);
      break;
    case RECORD_ATTRIBUTE:
      gl.BindAttribLocation(name, record.at, record.text);
      break;
    case RECORD_DUAL_SOURCE:
      gl.BindFragDataLocationIndexedEXT(name, record.at, 1, record.text);
      break;
    case RECORD_VARYING:
      if (varying_count == MAX_VARYINGS) return false;
      varyings[varying_count++] = record.text;
      varying_mode = record.at;
      break;
    }
  }
  if (varying_count > 0) gl.TransformFeedbackVaryings(name, (GLsizei)varying_count, varyings, varying_mode);
  return !is_bad;
}

// Sets a sampler of a program that need not be in use (transform feedback may forbid changing that).
static void set_sampler(GLuint name, GLint location, GLint unit) {
  uint32_t missing = gl_missing_calls;
  gl.ProgramUniform1i(name, location, unit);
  if (gl_missing_calls == missing) return;
  gl_missing_calls = missing; // GLES 3.0
  GLint previous = 0;
  gl.GetIntegerv(CURRENT_PROGRAM, &previous);
  gl.UseProgram(name);
  gl.Uniform1i(location, unit);
  // A deleted program was in use: it ended just now.
  gl.UseProgram(gl.IsProgram((GLuint)previous) ? (GLuint)previous : 0);
}

// What needs a linked program.
static void bind_names(Program *program, GLuint name, GlData data) {
  size_t offset = 0;
  Record record;
  bool is_bad = false;
  while (next_record(data, &offset, &record, &is_bad)) {
    if (record.kind == RECORD_BLOCK) {
      GLuint block = gl.GetUniformBlockIndex(name, record.text);
      if (block != 0xffffffffu) gl.UniformBlockBinding(name, block, record.at);
    } else if (record.kind == RECORD_SAMPLER) {
      GLint location = gl.GetUniformLocation(name, record.text);
      if (location >= 0) set_sampler(name, location, (GLint)record.at);
    } else if (record.kind == RECORD_UNIFORM && record.at < GL_UNIFORM_SLOTS_MAX) {
      program->slots[record.at] = gl.GetUniformLocation(name, record.text);
    }
  }
}

static void forget(uint32_t index) {
  if (programs[index] == NULL) return;
  free(programs[index]->log);
  free(programs[index]);
  programs[index] = NULL;
}

int gl_op_linkProgramData(uint32_t index, GlData data) {
  if (index == 0 || gl_names[GL_KIND_PROGRAM][index] != 0) return 0;
  Program *program = malloc(sizeof *program);
  if (program == NULL) return 0;
  program->log = NULL;
  memset(program->slots, 0xff, sizeof program->slots);
  forget(index);
  programs[index] = program;
  if (index >= programs_used) programs_used = index + 1;

  GLuint name = gl.CreateProgram(), shaders[MAX_SHADERS];
  uint32_t shader_count = 0;
  GLint is_linked = 0;
  if (prepare(program, name, data, shaders, &shader_count)) {
    gl.LinkProgram(name);
    gl.GetProgramiv(name, LINK_STATUS, &is_linked);
    append_object_log(program, name, false);
  }
  for (uint32_t shader = 0; shader < shader_count; shader++) gl.DeleteShader(shaders[shader]);
  if (is_linked) {
    bind_names(program, name, data);
    gl_names[GL_KIND_PROGRAM][index] = name;
  } else {
    gl.DeleteProgram(name);
  }
  gl_complete(COMPLETION_PROGRAM, (int32_t)index, is_linked != 0, 0);
  return 1;
}

int gl_op_deleteProgram(uint32_t index) {
  if (index == 0) return 1;
  if (gl_names[GL_KIND_PROGRAM][index] != 0) gl.DeleteProgram(gl_names[GL_KIND_PROGRAM][index]);
  gl_names[GL_KIND_PROGRAM][index] = 0;
  forget(index);
  return 1;
}

char *gl_take_program_log(uint32_t index) {
  if (index >= GL_NAMES_MAX || programs[index] == NULL) return NULL;
  char *log = programs[index]->log;
  programs[index]->log = NULL;
  return log;
}

void gl_forget_programs(void) {
  for (uint32_t index = 0; index < programs_used; index++) forget(index);
  programs_used = 0;
}

// -1, which GL ignores, for slots that the linker removed and programs that did not link.
static GLint location_of(uint32_t index, uint32_t slot) {
  return programs[index] == NULL ? -1 : programs[index]->slots[slot];
}

int gl_op_uniform4fv(uint32_t program, uint32_t slot, uint32_t count, GlData data) {
  if (slot >= GL_UNIFORM_SLOTS_MAX || (uint64_t)count * 16 > data.length) return 0;
  gl.Uniform4fv(location_of(program, slot), (GLsizei)count, (const GLfloat *)data.bytes);
  return 1;
}

int gl_op_uniform4uiv(uint32_t program, uint32_t slot, uint32_t count, GlData data) {
  if (slot >= GL_UNIFORM_SLOTS_MAX || (uint64_t)count * 16 > data.length) return 0;
  gl.Uniform4uiv(location_of(program, slot), (GLsizei)count, (const GLuint *)data.bytes);
  return 1;
}

int gl_op_uniform4f(uint32_t program, uint32_t slot, float x, float y, float z, float w) {
  if (slot >= GL_UNIFORM_SLOTS_MAX) return 0;
  gl.Uniform4f(location_of(program, slot), x, y, z, w);
  return 1;
}

int gl_op_uniform1i(uint32_t program, uint32_t slot, int32_t value) {
  if (slot >= GL_UNIFORM_SLOTS_MAX) return 0;
  gl.Uniform1i(location_of(program, slot), value);
  return 1;
}
