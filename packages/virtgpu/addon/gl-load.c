// Entry points, debug messages and the fixed state of a fresh context.
#include "gl.h"
#include "egl.h"
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

GLuint gl_names[GL_KINDS][GL_NAMES_MAX] __attribute__((aligned(65536)));
bool gl_debug;
uint32_t gl_missing_calls;

void gl_forget_names(void) {
  // Zeroing them would make every page of the tables resident.
  if (madvise(gl_names, sizeof gl_names, MADV_DONTNEED) != 0) memset(gl_names, 0, sizeof gl_names);
}

// Stands in for entry points that the driver lacks: replay then refuses the op. Called through other signatures, which the C calling
// conventions of our targets allow for a function that reads no argument.
static uintptr_t missing_entry(void) {
  gl_missing_calls++;
  return 0;
}

static GlProc find_entry(GlGetProc get, const char *alternatives) {
  char name[96];
  while (*alternatives != 0) {
    size_t length = strcspn(alternatives, "|");
    if (length < sizeof name) {
      memcpy(name, alternatives, length);
      name[length] = 0;
      GlProc entry = get(name);
      if (entry != NULL) return entry;
    }
    alternatives += length + (alternatives[length] == '|');
  }
  return (GlProc)missing_entry;
}

void gl_load(GlGetProc get) {
  GlProc *table = (GlProc *)&gl;
  _Static_assert(sizeof gl == GL_ENTRY_COUNT * sizeof(GlProc), "GlEntries is a table of function pointers");
  for (int index = 0; index < GL_ENTRY_COUNT; index++) table[index] = find_entry(get, gl_entry_names[index]);
}

static void on_debug_message(GLenum source, GLenum type, GLuint id, GLenum severity, GLsizei length, const GLchar *message, const void *user) {
  (void)source;
  (void)id;
  (void)severity;
  (void)user;
  enum { DEBUG_TYPE_ERROR = 0x824c };
  if (type == DEBUG_TYPE_ERROR) fprintf(stderr, "virtgpu: GL says: %.*s\n", length < 0 ? (int)strlen(message) : length, message);
}

void gl_reset_state(void) {
  enum { UNPACK_ALIGNMENT = 0x0cf5, PACK_ALIGNMENT = 0x0d05 };
  gl.PixelStorei(UNPACK_ALIGNMENT, 1);
  gl.PixelStorei(PACK_ALIGNMENT, 1);
  gl_missing_calls = 0;
}

void gl_start_debug_messages(void) {
  enum { DEBUG_OUTPUT_SYNCHRONOUS = 0x8242, DEBUG_OUTPUT = 0x92e0 };
  if (!gl_debug || egl_display == NULL || gl.DebugMessageCallbackKHR == (void *)missing_entry) return;
  gl.Enable(DEBUG_OUTPUT);
  gl.Enable(DEBUG_OUTPUT_SYNCHRONOUS);
  gl.DebugMessageCallbackKHR(on_debug_message, NULL);
}

// ---- trace ----

static char *trace_text;
static size_t trace_length, trace_size;

void gl_trace_write(const char *format, ...) {
  va_list arguments;
  char line[1024];
  va_start(arguments, format);
  int length = vsnprintf(line, sizeof line, format, arguments);
  va_end(arguments);
  if (length < 0) return;
  if ((size_t)length >= sizeof line) length = sizeof line - 1;
  if (trace_length + (size_t)length + 1 > trace_size) {
    size_t size = (trace_size + 4096) * 2;
    char *grown = realloc(trace_text, size);
    if (grown == NULL) return;
    trace_text = grown;
    trace_size = size;
  }
  memcpy(trace_text + trace_length, line, (size_t)length + 1);
  trace_length += (size_t)length;
}

// Small numbers (offsets; no memory is mapped there) as they are; memory by its first word, as its address means nothing.
const char *gl_trace_pointer(const void *pointer) {
  static char text[4][32];
  static unsigned next;
  char *out = text[next++ % 4];
  if ((uintptr_t)pointer < 65536) {
    snprintf(out, sizeof text[0], "@%u", (unsigned)(uintptr_t)pointer);
  } else {
    uint32_t first;
    memcpy(&first, pointer, sizeof first);
    snprintf(out, sizeof text[0], "*%u", first);
  }
  return out;
}

char *gl_trace_take(void) {
  char *text = trace_text;
  trace_text = NULL;
  trace_length = trace_size = 0;
  return text;
}
